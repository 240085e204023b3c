package io.yuntai.cli.chat;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content what is said
 */
record Turn(String role, String content) {}
