package io.yuntai.ledger.threads;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A conversation.
 *
 * @param id not to be guessed
 * @param title for people; empty for none yet
 * @param settings what the next question is asked with
 * @param leafId the last message of the branch that was looked at last; 0 before the first message
 * @param archived whether it is out of the way
 * @param created when it was begun
 * @param changed when something was said last
 */
public record ChatThread(
    UUID id,
    String title,
    ThreadSettings settings,
    long leafId,
    boolean archived,
    Instant created,
    Instant changed) {
  /** Longest title, in characters. */
  public static final int MAX_TITLE = 200;

  /**
   * What questions are asked with.
   *
   * @param system what the model is told first; empty for nothing
   * @param models who is asked: none yet, one, or two side by side
   * @param parameters temperature and the like: a JSON object
   */
  public record ThreadSettings(String system, List<String> models, String parameters) {
    /** Longest {@link #system}, in characters. */
    public static final int MAX_SYSTEM = 100_000;

    /** Longest {@link #parameters}, in characters. */
    public static final int MAX_PARAMETERS = 4_000;

    /** Nothing is said. */
    public static final ThreadSettings NONE = new ThreadSettings("", List.of(), "{}");

    /** Copies the list. */
    public ThreadSettings {
      models = List.copyOf(models);
    }
  }
}
