package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is counted and priced. */
public enum Meter {
  /** Tokens of prompts that were neither found in a cache nor written to one at a price. */
  INPUT,
  /** Tokens of prompts that were found in a cache. */
  CACHE_HIT,
  /** Tokens of prompts that were stored in a cache because the client asked for it. */
  CACHE_WRITE,
  /** Tokens of answers, without those of thoughts. */
  OUTPUT,
  /** Tokens of thoughts. */
  REASONING,
  /** Tokens of texts that are made vectors. */
  EMBED,
  /** Tokens of texts that are ranked. */
  RERANK,
  /** Images. */
  IMAGE,
  /** Milliseconds of one GPU. */
  GPU_MS,
  /** A gigabyte stored for an hour. */
  GB_H,
  /** Tokens trained on. */
  TRAIN_TOK,
  /** A token per minute reserved for a day. */
  TPM_DAY;

  /** Whether it counts tokens of requests, whose price is given per million. */
  public boolean countsTokens() {
    return switch (this) {
      case INPUT, CACHE_HIT, CACHE_WRITE, OUTPUT, REASONING, EMBED, RERANK, TRAIN_TOK -> true;
      case IMAGE, GPU_MS, GB_H, TPM_DAY -> false;
    };
  }

  /** The meter at whose price these units go where they have none of their own. */
  public @Nullable Meter fallback() {
    return switch (this) {
      case CACHE_HIT, CACHE_WRITE -> INPUT;
      case REASONING -> OUTPUT;
      default -> null;
    };
  }

  /** As in price lists and the database: {@code cache_hit}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The meter of a {@link #text}.
   *
   * @throws MoneyException when there is none
   */
  public static Meter of(String text) {
    return Arrays.stream(values())
        .filter(meter -> meter.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new MoneyException(
                "Unknown meter '"
                    + text
                    + "': it must be one of "
                    + Arrays.stream(values()).map(Meter::text).collect(Collectors.joining(", "))
                    + "."));
  }
}
