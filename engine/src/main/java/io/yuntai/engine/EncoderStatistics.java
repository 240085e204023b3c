package io.yuntai.engine;

/**
 * What an encoder is doing and has done, taken after its last step.
 *
 * @param state whether it takes new requests
 * @param requests requests that wait or are computed
 * @param waitingTokens tokens of sequences that are not computed yet
 * @param sequences sequences computed so far
 * @param tokens their tokens
 * @param steps forward passes so far
 */
public record EncoderStatistics(
    EngineStatistics.State state,
    int requests,
    long waitingTokens,
    long sequences,
    long tokens,
    long steps) {}
