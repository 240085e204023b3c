package io.yuntai.ledger.threads;

import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;

/**
 * How an answer ends.
 *
 * @param text all of it
 * @param thoughts all of them
 * @param state anything but running
 * @param reason as {@link ChatMessage#reason}
 * @param note as {@link ChatMessage#note}
 * @param facts as {@link ChatMessage#facts}
 */
public record MessageEnd(
    String text,
    String thoughts,
    MessageState state,
    String reason,
    String note,
    AnswerFacts facts) {}
