package io.yuntai.models.pull;

/** What happens during a pull, for a bar, a log line or a page. */
public sealed interface PullEvent {

  /** Another process pulls the same model; this one waits for it. {@code holder} says which. */
  record Waiting(String holder) implements PullEvent {}

  /**
   * A source is being tried; what an earlier pull left of it shows in the first {@link Progress}.
   */
  record Trying(String source) implements PullEvent {}

  /** A request is repeated or waits, as a sentence; the pull goes on. */
  record Note(String message) implements PullEvent {}

  /** A source can't give the file; the next, if any, follows. */
  record SourceFailed(String source, String reason) implements PullEvent {}

  /**
   * Bytes moved; at most a few a second.
   *
   * @param totalBytes the whole; -1 while unknown
   * @param bytesPerSecond over the last seconds, of this pull only
   * @param etaSeconds -1 while unknown
   * @param part which part of how many is named last, from 1; 1 of 1 for a single file
   */
  record Progress(
      Phase phase,
      long bytes,
      long totalBytes,
      double bytesPerSecond,
      long etaSeconds,
      int part,
      int parts)
      implements PullEvent {}

  /**
   * The file is in the store.
   *
   * @param pinned whether its SHA-256 is the catalogue's; false: no pinned one is known, only the
   *     source's own promise
   */
  record Done(String sha256, boolean pinned) implements PullEvent {}

  /** What the bytes of a {@link Progress} are being put through. */
  enum Phase {
    DOWNLOAD,
    VERIFY,
    /** Here bytes are weights. */
    CONVERT
  }
}
