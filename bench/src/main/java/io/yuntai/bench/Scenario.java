package io.yuntai.bench;

import java.util.List;
import java.util.Locale;

/** What {@code --only} chooses among, in the order measured and shown. */
enum Scenario {
  PREFILL,
  DECODE,
  STREAMS,
  PREFIX,
  DEPTH,
  START,
  MEMORY;

  private static final int SHORT_PROMPT_TOKENS = 16;
  private static final int STREAM_PROMPT_TOKENS = 128;
  private static final int DEEP_TOKENS = 16;

  /**
   * What its workers do; none where each repetition is a process of its own.
   *
   * @param contextTokens what the model can take: what is longer is left out
   */
  List<Phase> phases(Sizes sizes, int contextTokens) {
    List<Phase> all =
        switch (this) {
          case PREFILL -> List.of(new Phase.Prefill(sizes.promptTokens()));
          case DECODE -> List.of(new Phase.Decode(1, SHORT_PROMPT_TOKENS, sizes.generatedTokens()));
          case STREAMS ->
              sizes.streams().stream()
                  .<Phase>map(
                      n -> new Phase.Decode(n, STREAM_PROMPT_TOKENS, sizes.generatedTokens()))
                  .toList();
          case PREFIX -> List.of(new Phase.SharedPrefix(8, sizes.sharedTokens(), 24, 16));
          case DEPTH ->
              sizes.depths().stream().<Phase>map(d -> new Phase.Deep(d, DEEP_TOKENS)).toList();
          case START, MEMORY -> List.of();
        };
    return all.stream().filter(phase -> phase.streamTokens() <= contextTokens).toList();
  }

  /**
   * How much of everything.
   *
   * @param promptTokens of a prefill
   * @param generatedTokens of a decode
   * @param streams that generate at once
   * @param sharedTokens of the prompts that begin alike
   * @param depths of long contexts
   * @param memoryContextTokens of the context whose memory is looked at
   */
  record Sizes(
      int promptTokens,
      int generatedTokens,
      List<Integer> streams,
      int sharedTokens,
      List<Integer> depths,
      int memoryContextTokens) {}

  /** As {@code --only} takes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
