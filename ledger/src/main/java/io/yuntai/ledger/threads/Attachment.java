package io.yuntai.ledger.threads;

import java.time.Instant;
import java.util.UUID;

/**
 * A file as the text that was read from it; the file itself is not kept.
 *
 * @param id not to be guessed
 * @param messageId the message that it was sent with; 0 while it has not been sent
 * @param name as the person calls it
 * @param kind text, markdown, csv, pdf or docx
 * @param pages of a PDF; else 0
 * @param content its text
 * @param created when it came
 */
public record Attachment(
    UUID id, long messageId, String name, String kind, int pages, String content, Instant created) {
  /** Longest content, in characters. */
  public static final int MAX_CONTENT = 400_000;

  /** Most files of one message. */
  public static final int MAX_OF_MESSAGE = 10;
}
