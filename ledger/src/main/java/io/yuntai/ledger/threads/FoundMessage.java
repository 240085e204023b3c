package io.yuntai.ledger.threads;

import java.time.Instant;
import java.util.UUID;

/**
 * A message that a search found.
 *
 * @param threadId where
 * @param title of the thread
 * @param messageId row
 * @param role who said it
 * @param excerpt of its text, about the first word that was looked for
 * @param created when it was said
 */
public record FoundMessage(
    UUID threadId,
    String title,
    long messageId,
    ChatMessage.Role role,
    String excerpt,
    Instant created) {}
