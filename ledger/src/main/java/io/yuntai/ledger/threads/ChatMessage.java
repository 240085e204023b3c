package io.yuntai.ledger.threads;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Something that was said.
 *
 * @param id row; later ones are greater
 * @param parentId what it follows; 0 for the first of a branch
 * @param twinId the other model's answer to the same question, where two were asked; else 0
 * @param role who said it
 * @param text Markdown, as it came
 * @param thoughts of a model before its answer; mostly empty
 * @param state how far it is
 * @param reason why it is in that state, as a word for programs, such as {@code length} or an API's
 *     error code; empty where there is nothing to be said
 * @param note the same as a sentence; may be empty
 * @param facts what is known of an answer; {@link AnswerFacts#NONE} of a question
 * @param created when it was asked for
 */
public record ChatMessage(
    long id,
    long parentId,
    long twinId,
    Role role,
    String text,
    String thoughts,
    MessageState state,
    String reason,
    String note,
    AnswerFacts facts,
    Instant created) {
  /** Longest text, in characters. */
  public static final int MAX_TEXT = 1_000_000;

  /** Who says something. */
  public enum Role {
    /** A person. */
    USER,
    /** A model. */
    ASSISTANT;

    /** The name in APIs and tables. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Role of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What is known of an answer. Counts are of all requests that it took, where it was continued.
   *
   * @param model who answered
   * @param parameters what it was asked with: a JSON object
   * @param inputTokens of the prompts, cached ones included
   * @param cachedTokens of these, found stored
   * @param outputTokens generated
   * @param priceNanos what it costs, in 10⁻⁹ of the currency
   * @param currency of the price; empty where nothing has a price
   * @param requestId of the last request, as the ledger knows it
   * @param firstMillis from the question to the first piece of text
   * @param millis from the first piece of text to the last, while models were at it
   * @param energyMillijoules its share of what the machine drew; empty where no meter was read
   */
  public record AnswerFacts(
      String model,
      String parameters,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      long priceNanos,
      String currency,
      Optional<UUID> requestId,
      long firstMillis,
      long millis,
      OptionalLong energyMillijoules) {
    /** Nothing. */
    public static final AnswerFacts NONE = asked("", "{}");

    /** Before anything has come. */
    public static AnswerFacts asked(String model, String parameters) {
      return new AnswerFacts(
          model, parameters, 0, 0, 0, 0, "", Optional.empty(), 0, 0, OptionalLong.empty());
    }
  }
}
