package io.yuntai.models.pull;

import java.util.List;

/**
 * A model could not be pulled; the message is for the user and names every source that was tried,
 * with its reason.
 */
public final class PullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A source and why it did not give the file. */
  public record Attempt(String source, String reason) {}

  private final transient List<Attempt> attempts;

  public PullException(String message, List<Attempt> attempts) {
    super(message);
    this.attempts = List.copyOf(attempts);
  }

  /** The sources tried, in order; empty where the pull ended before the first. */
  public List<Attempt> attempts() {
    return attempts;
  }
}
