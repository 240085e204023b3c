package io.yuntai.server.batches;

/**
 * What a request of a batch was answered.
 *
 * @param status HTTP status
 * @param requestId names it in logs
 * @param body JSON in one line
 */
public record LineAnswer(int status, String requestId, byte[] body) {}
