package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.Adapters;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.prefix.PrefixDisk;
import io.yuntai.engine.prefix.PromptKeeper;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.speculation.Speculator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts that outlive the engine; blocks of 4 tokens. */
class KeptPromptsTest {
  private static final int[] PROMPT = IntStream.range(2, 22).toArray();
  private static final int[] SHORT = IntStream.range(2, 10).toArray();

  @TempDir private Path folder = Path.of("");

  private int computedTokens;

  /** An engine's life with one request in it. */
  private Answer.Collector live(String model, int blocks, String namespace, int[] prompt)
      throws IOException, InterruptedException {
    computedTokens = 0;
    HashDecoder decoder =
        new HashDecoder(
            LetterTokenizer.SIZE,
            64,
            4,
            blocks,
            64,
            batch -> computedTokens += batch.tokens().length);
    Stepper stepper =
        new Stepper(
            decoder,
            new LetterTokenizer(),
            new EngineOptions(8, 100, 16),
            new Speculator(new Speculation.Off().drafter(new LetterTokenizer(), () -> 0), () -> 0),
            _ -> {});
    try (PrefixDisk disk = new PrefixDisk(folder, 1 << 20)) {
      PromptKeeper keeper = new PromptKeeper(disk, decoder.kvBlocks().orElseThrow(), model, 4, 12);
      GenerationRequest request =
          new GenerationRequest(
              namespace, prompt, 3, SamplingParameters.GREEDY, List.of(), -1, true, Long.MAX_VALUE);
      ActiveSequence sequence =
          new ActiveSequence(
              0, request, 3, Adapters.Lease.NONE, keeper.find(namespace, request.prompt()));
      stepper.add(sequence);
      while (stepper.hasWork()) {
        stepper.step(0);
        stepper.checkIntegrity();
      }
      Answer.Collector collector = new Answer.Collector();
      while (!collector.take(sequence.mailbox().next())) {}
      assertThat(collector.answer()).isEqualTo(Answer.expected(request, 64));
      return collector;
    }
  }

  @Test
  void aPromptIsFoundByTheNextEngine() throws Exception {
    assertThat(live("m", 16, "a", PROMPT).cachedPromptTokens()).isZero();
    assertThat(live("m", 16, "a", PROMPT).cachedPromptTokens()).isEqualTo(16);
    assertThat(computedTokens).isEqualTo(4 + 2);
  }

  @Test
  void aPromptThatBeginsAlikeFindsTheCommonBlocks() throws Exception {
    live("m", 16, "a", PROMPT);
    int[] other = PROMPT.clone();
    other[13] = 40;
    assertThat(live("m", 16, "a", other).cachedPromptTokens()).isEqualTo(12);
  }

  @Test
  void anotherNamespaceOrModelFindsNothing() throws Exception {
    live("m", 16, "a", PROMPT);
    assertThat(live("m", 16, "b", PROMPT).cachedPromptTokens()).isZero();
    assertThat(live("n", 16, "a", PROMPT).cachedPromptTokens()).isZero();
  }

  @Test
  void shortPromptsAreLeftAlone() throws Exception {
    live("m", 16, "a", SHORT);
    assertThat(live("m", 16, "a", SHORT).cachedPromptTokens()).isZero();
  }

  @Test
  void whatDoesNotFitIsComputedAgain() throws Exception {
    live("m", 16, "a", PROMPT);
    // Six blocks: room for the whole sequence, and restored ones give way to nobody.
    assertThat(live("m", 6, "a", PROMPT).cachedPromptTokens()).isEqualTo(16);
  }
}
