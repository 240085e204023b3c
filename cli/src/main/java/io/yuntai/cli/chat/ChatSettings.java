package io.yuntai.cli.chat;

/**
 * How answers are generated.
 *
 * @param temperature 0 to 2
 * @param topP above 0 to 1
 * @param topK at least 0; 0 keeps all
 * @param maxTokens most tokens of one answer
 * @param seed of the first answer
 */
record ChatSettings(double temperature, double topP, int topK, int maxTokens, long seed) {}
