package io.yuntai.ledger.journal;

/**
 * Bounds of a journal.
 *
 * @param segmentBytes size of a file
 * @param maxSegments how many there may be, the one that is written and its successor included
 */
public record JournalSettings(int segmentBytes, int maxSegments) {
  /** 256 MiB at most: a million requests that no bank takes. */
  public static final JournalSettings DEFAULT = new JournalSettings(8 << 20, 32);

  /** Checks the ranges. */
  public JournalSettings {
    if (segmentBytes < 4 * EntryCodec.MAX_BYTES || maxSegments < 3) {
      throw new IllegalArgumentException(
          "a journal of %d segments of %d bytes".formatted(maxSegments, segmentBytes));
    }
  }
}
