package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.Adapters;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Batch;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.KvBlocks;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.prefix.KeptPrompt;
import io.yuntai.engine.prefix.PrefixDisk;
import io.yuntai.engine.prefix.PromptKeeper;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.Drafter;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.speculation.Speculator;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every bit of every row of logits is the same whether a prompt is computed or found, alone, in
 * company, or again after a preemption; on real weights, however small.
 */
class PrefixBitsTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);
  private static final int TOKENS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama31", "qwen2", "gemma3-00001-of-00002"})
  void aCacheHitChangesNoBit(String model) {
    for (KvCache.Format format : KvCache.Format.values()) {
      Random random = new Random(SEED);
      int[] shared = random.ints(100, 0, LetterTokenizer.SIZE).toArray();
      try (Recorder recorder = open(model, format, 600)) {
        Stepper stepper = stepper(recorder, EngineOptions.DEFAULTS);
        for (int own : new int[] {0, 1, 30}) {
          int[] prompt = Arrays.copyOf(shared, 100 + own);
          for (int i = 100; i < prompt.length; i++) {
            prompt[i] = random.nextInt(LetterTokenizer.SIZE);
          }
          ActiveSequence computed = sequence(2L * own, "computed " + own, prompt);
          ActiveSequence found = sequence(2L * own + 1, "found", prompt);
          List<float[]> expected = record(recorder, stepper, computed);
          List<float[]> actual = record(recorder, stepper, found);
          assertThat(computed.cachedPromptTokens()).isZero();
          // A window that has moved on leaves nothing to go on from, until its blocks were found
          // once.
          boolean goneOn = recorder.windowTokens() > 0 && own == 1;
          assertThat(found.cachedPromptTokens()).isEqualTo(own == 0 || goneOn ? 0 : 96);
          assertSameBits(actual, expected, "seed %d, %s, %d own".formatted(SEED, format, own));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "gemma3-00001-of-00002"})
  void sharingAndPreemptionInACrowdChangeNoBit(String model) {
    Random random = new Random(SEED);
    int[] shared = random.ints(100, 0, LetterTokenizer.SIZE).toArray();
    List<int[]> prompts = new ArrayList<>();
    Map<Integer, List<float[]>> alone = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      int[] prompt = random.ints(40 + i * 9, 0, LetterTokenizer.SIZE).toArray();
      System.arraycopy(shared, 0, prompt, 0, Math.min(prompt.length, 30 + 10 * i) - i % 3);
      prompts.add(prompt);
      try (Recorder recorder = open(model, KvCache.Format.F32, 600)) {
        Stepper stepper = stepper(recorder, EngineOptions.DEFAULTS);
        alone.put(i, record(recorder, stepper, sequence(0, "", prompt)));
      }
    }
    // Room for three and a half of them, and chunks that end within blocks.
    try (Recorder recorder = open(model, KvCache.Format.F32, 512)) {
      Stepper stepper = stepper(recorder, new EngineOptions(8, 8, 37));
      List<ActiveSequence> sequences = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++) {
          sequences.add(sequence(8L * round + i, "tenant " + i % 2, prompts.get(i)));
          stepper.add(sequences.getLast());
        }
      }
      recorder.watch(sequences);
      while (stepper.hasWork()) {
        stepper.step(0);
      }
      for (ActiveSequence sequence : sequences) {
        int i = (int) sequence.id() % 8;
        assertSameBits(
            recorder.rowsOf(sequence),
            alone.getOrDefault(i, List.of()),
            "seed %d, prompt %d".formatted(SEED, i));
      }
      assertThat(stepper.statistics(State.SERVING).cachedPromptTokens()).isPositive();
      assertThat(stepper.statistics(State.SERVING).preempted()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "deepseek2"})
  void aPromptThatOutlivedTheProcessChangesNoBit(String model, @TempDir Path folder)
      throws IOException {
    int[] prompt = new Random(SEED).ints(140, 0, LetterTokenizer.SIZE).toArray();
    for (KvCache.Format format : KvCache.Format.values()) {
      List<List<float[]>> lives = new ArrayList<>();
      for (int life = 0; life < 2; life++) {
        try (PrefixDisk disk = new PrefixDisk(folder.resolve(format.label()), 1 << 24);
            Recorder recorder = open(model, format, 600)) {
          Stepper stepper = stepper(recorder, new EngineOptions(8, 8, 37));
          PromptKeeper keeper =
              new PromptKeeper(disk, recorder.kvBlocks().orElseThrow(), model, 32, 64);
          ActiveSequence sequence = sequence(life, prompt, keeper.find("", prompt));
          lives.add(record(recorder, stepper, sequence));
          assertThat(sequence.cachedPromptTokens()).isEqualTo(life == 0 ? 0 : 128);
        }
      }
      assertSameBits(lives.get(1), lives.get(0), "seed %d, %s".formatted(SEED, format));
    }
  }

  private static List<float[]> record(Recorder recorder, Stepper stepper, ActiveSequence sequence) {
    recorder.watch(List.of(sequence));
    stepper.add(sequence);
    while (stepper.hasWork()) {
      stepper.step(0);
    }
    return recorder.rowsOf(sequence);
  }

  private static void assertSameBits(List<float[]> actual, List<float[]> expected, String name) {
    assertThat(expected).as(name).hasSize(TOKENS);
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Arrays.mismatch(actual.get(i), expected.get(i)))
          .as("%s, row %d: the first logit that differs", name, i)
          .isEqualTo(-1);
    }
  }

  private static ActiveSequence sequence(long id, String namespace, int[] prompt) {
    return new ActiveSequence(id, request(namespace, prompt), TOKENS);
  }

  private static ActiveSequence sequence(long id, int[] prompt, KeptPrompt kept) {
    return new ActiveSequence(id, request("", prompt), TOKENS, Adapters.Lease.NONE, kept);
  }

  private static GenerationRequest request(String namespace, int[] prompt) {
    return new GenerationRequest(
        namespace,
        prompt,
        TOKENS,
        new SamplingParameters(1, 1, 0, 0, 0, 0, Map.of(), 5, 0),
        List.of(),
        -1,
        true,
        Long.MAX_VALUE);
  }

  private static Stepper stepper(Decoder decoder, EngineOptions options) {
    LetterTokenizer tokenizer = new LetterTokenizer();
    Drafter off = new Speculation.Off().drafter(tokenizer, () -> 0);
    return new Stepper(decoder, tokenizer, options, new Speculator(off, () -> 0), _ -> {});
  }

  private static Recorder open(String model, KvCache.Format format, int kvTokens) {
    try {
      Path file =
          Path.of(
              Objects.requireNonNull(
                      PrefixBitsTest.class.getResource(
                          "/io/yuntai/engine/models/" + model + ".gguf"))
                  .toURI());
      return new Recorder(
          LoadedModel.open(file, new LoadOptions(512, kvTokens, format, 2).slidingWindows())
              .decoder());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps each sequence's rows of logits, which it knows by their block table. */
  private static final class Recorder implements Decoder {
    private final Decoder decoder;
    private final Map<Long, List<float[]>> rows = new HashMap<>();
    private List<ActiveSequence> watched = List.of();

    Recorder(Decoder decoder) {
      this.decoder = decoder;
    }

    void watch(List<ActiveSequence> sequences) {
      watched = sequences;
    }

    List<float[]> rowsOf(ActiveSequence sequence) {
      return rows.getOrDefault(sequence.id(), List.of());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The very table tells the sequence.
    public void forward(Batch batch, float[][] logits) {
      decoder.forward(batch, logits);
      for (int row = 0; row < logits.length; row++) {
        int[] table = batch.blockTables()[batch.sequences()[batch.logitRows()[row]]];
        ActiveSequence sequence =
            watched.stream().filter(s -> s.table().blocks() == table).findFirst().orElseThrow();
        rows.computeIfAbsent(sequence.id(), _ -> new ArrayList<>()).add(logits[row].clone());
      }
    }

    @Override
    public int vocabularySize() {
      return decoder.vocabularySize();
    }

    @Override
    public int contextTokens() {
      return decoder.contextTokens();
    }

    @Override
    public int blockTokens() {
      return decoder.blockTokens();
    }

    @Override
    public int blocks() {
      return decoder.blocks();
    }

    @Override
    public int windowTokens() {
      return decoder.windowTokens();
    }

    @Override
    public int windowBlocks() {
      return decoder.windowBlocks();
    }

    @Override
    public int maxBatchTokens() {
      return decoder.maxBatchTokens();
    }

    @Override
    public Optional<KvBlocks> kvBlocks() {
      return decoder.kvBlocks();
    }

    @Override
    public void close() {
      decoder.close();
    }
  }
}
