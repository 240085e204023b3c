package io.yuntai.ledger.texts;

import java.time.Instant;

/**
 * A request's words and those of its answer.
 *
 * @param requestId what the answer's {@code x-request-id} says
 * @param orgId whose it is
 * @param userId the person who asked; 0 for a key
 * @param operation {@code chat} or {@code completion}
 * @param continued whether the answer went on with the last message
 * @param asked a body of OpenAI's API that asks the same, in JSON; at most {@link #MAX_BYTES}
 * @param answered the choices with their texts, in JSON; at most {@link #MAX_BYTES}
 */
public record KeptText(
    String requestId,
    long orgId,
    long userId,
    Instant at,
    String operation,
    boolean continued,
    String asked,
    String answered) {
  /** Most bytes of either text in UTF-8. */
  public static final int MAX_BYTES = 8 << 20;
}
