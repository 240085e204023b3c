package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.AdapterException;
import io.yuntai.engine.AdapterLimits;
import io.yuntai.engine.Adapters;
import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.UnknownAdapterException;
import io.yuntai.engine.adapter.RandomAdapter;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.quant.TensorType;
import io.yuntai.engine.sampling.SamplingParameters;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters of a running engine, loaded and unloaded while it answers. */
class AdaptersTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20261124);
  private static final EngineOptions OPTIONS = new EngineOptions(6, 200, 32);
  private static final List<String> KINDS = List.of("", "x", "y");

  @TempDir Path folder;
  private final Map<String, Path> files = new HashMap<>();

  @BeforeEach
  void writeAdapters() throws IOException {
    try (GgufFile model = GgufFile.open(model())) {
      for (String kind : List.of("x", "y")) {
        RandomAdapter adapter = new RandomAdapter("qwen2", 32, SEED + kind.hashCode());
        for (String name : List.of("blk.0.attn_q", "blk.0.attn_v", "blk.1.ffn_down")) {
          var tensor = model.tensor(name + ".weight");
          adapter.add(name, (int) tensor.columns(), (int) tensor.rows(), 8);
        }
        files.put(kind, adapter.writeGguf(folder.resolve(kind + ".gguf"), TensorType.F32));
      }
    }
  }

  @Test
  void generationsAreAnsweredByTheirOwnAdapterAndShareNoStoredPrompt() throws Exception {
    try (Engine engine = start(OPTIONS)) {
      engine.adapters().load("x", file("x"));
      engine.adapters().load("y", file("y"));
      GenerationRequest request = request(new Random(SEED), 70, 12);
      Map<String, List<Integer>> answers = new HashMap<>();
      for (String kind : KINDS) {
        Answer.Collector first = read(engine.submit(request.by(kind)));
        assertThat(first.cachedPromptTokens()).as("first of '%s'", kind).isZero();
        Answer.Collector second = read(engine.submit(request.by(kind)));
        assertThat(second.cachedPromptTokens()).as("second of '%s'", kind).isEqualTo(64);
        assertThat(second.answer().tokens()).isEqualTo(first.answer().tokens());
        answers.put(kind, first.answer().tokens());
      }
      assertThat(answers.values()).doesNotHaveDuplicates();
    }
  }

  @Test
  void aNameThatIsGivenAnewFindsNothingOfTheOldOne() throws Exception {
    try (Engine engine = start(OPTIONS)) {
      GenerationRequest request = request(new Random(SEED), 70, 12).by("a");
      engine.adapters().load("a", file("x"));
      List<Integer> old = read(engine.submit(request)).answer().tokens();
      engine.adapters().unload("a");
      engine.adapters().load("a", file("y"));
      Answer.Collector renewed = read(engine.submit(request));
      assertThat(renewed.cachedPromptTokens()).isZero();
      assertThat(renewed.answer().tokens()).isNotEqualTo(old);
    }
  }

  @Test
  void unloadingTakesTheNameAtOnceAndTheMemoryWithTheLastGeneration() throws Exception {
    GatedDecoder decoder = new GatedDecoder(decoder(), 3);
    try (Engine engine = Engine.start(decoder, new LetterTokenizer(), OPTIONS)) {
      Adapters adapters = engine.adapters();
      adapters.load("x", file("x"));
      long bytes = adapters.bytes();
      GenerationRequest endless = request(new Random(SEED), 5, 50).by("x");
      try (Generation running = engine.submit(endless)) {
        GenerationEvent first = running.next();
        assertThat(first).isInstanceOf(GenerationEvent.Token.class);
        assertThat(adapters.list()).extracting(Adapters.Loaded::running).containsExactly(1);
        adapters.unload("x");
        assertThat(adapters.list()).isEmpty();
        assertThatThrownBy(() -> engine.submit(endless))
            .isInstanceOf(UnknownAdapterException.class)
            .hasMessageContaining("x is not loaded");
        decoder.open();
        read(running);
      }
      assertThat(bytes).isPositive();
      assertThat(adapters.bytes()).isZero();
    }
  }

  @Test
  void limitsAreNamed() throws Exception {
    try (Engine engine = start(OPTIONS.with(new AdapterLimits(2, 1 << 30)))) {
      Adapters adapters = engine.adapters();
      adapters.load("a", file("x"));
      assertThatThrownBy(() -> adapters.load("a", file("y")))
          .isInstanceOf(AdapterException.class)
          .hasMessageContaining("loaded already");
      adapters.load("b", file("x"));
      assertThatThrownBy(() -> adapters.load("c", file("x")))
          .isInstanceOf(AdapterException.class)
          .hasMessageContainingAll("2 adapters are loaded", "--max-adapters");
      assertThatThrownBy(() -> adapters.load("a:b", file("x"))).hasMessageContaining("a:b");
      assertThatThrownBy(() -> adapters.load("c", folder.resolve("none")))
          .isInstanceOf(AdapterException.class)
          .hasMessageContaining("there is no adapter at");
      assertThatThrownBy(() -> adapters.unload("z")).hasMessageContaining("z is not loaded");
    }
    try (Engine engine = start(OPTIONS.with(new AdapterLimits(2, 1000)))) {
      assertThatThrownBy(() -> engine.adapters().load("a", file("x")))
          .isInstanceOf(AdapterException.class)
          .hasMessageContainingAll("of the 0.0 MB allowed", "--adapter-memory");
      assertThat(engine.adapters().bytes()).isZero();
    }
  }

  /**
   * Threads load and unload adapters under a few names, while others ask for them: each answer is
   * that of the adapter which had the name when the generation was submitted.
   */
  @Test
  void adaptersComeAndGoWhileGenerationsRun() throws Exception {
    Random random = new Random(SEED);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      // Half of them begin alike.
      requests.add(request(new Random(i % 2 == 0 ? SEED : SEED + i), 5 + i * 8, 20));
    }
    List<Map<String, List<Integer>>> expected = new ArrayList<>();
    try (Engine engine = start(OPTIONS)) {
      engine.adapters().load("x", file("x"));
      engine.adapters().load("y", file("y"));
      for (GenerationRequest request : requests) {
        Map<String, List<Integer>> answers = new HashMap<>();
        for (String kind : KINDS) {
          answers.put(kind, read(engine.submit(request.by(kind))).answer().tokens());
        }
        expected.add(answers);
      }
    }
    try (Engine engine = start(OPTIONS)) {
      List<Thread> threads = new ArrayList<>();
      List<String> complaints = new java.util.concurrent.CopyOnWriteArrayList<>();
      for (int i = 0; i < 3; i++) {
        // Names say which adapter is meant: "x-1" is x or nothing.
        Random own = new Random(random.nextLong());
        threads.add(
            Thread.ofVirtual().unstarted(() -> comeAndGo(engine.adapters(), own, complaints)));
      }
      for (int i = 0; i < 6; i++) {
        Random own = new Random(random.nextLong());
        threads.add(
            Thread.ofVirtual().unstarted(() -> ask(engine, own, requests, expected, complaints)));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(complaints).as("seed %d", SEED).isEmpty();
      engine.adapters().list().forEach(loaded -> engine.adapters().unload(loaded.name()));
      assertThat(engine.adapters().bytes()).isZero();
    }
  }

  private void comeAndGo(Adapters adapters, Random random, List<String> complaints) {
    for (int i = 0; i < 60; i++) {
      String kind = random.nextBoolean() ? "x" : "y";
      String name = kind + "-" + random.nextInt(2);
      try {
        if (random.nextBoolean()) {
          adapters.load(name, file(kind));
        } else {
          adapters.unload(name);
        }
      } catch (AdapterException e) {
        // Another thread was quicker.
        if (!String.valueOf(e.getMessage()).contains("loaded")) {
          complaints.add(e.toString());
        }
      }
    }
  }

  private static void ask(
      Engine engine,
      Random random,
      List<GenerationRequest> requests,
      List<Map<String, List<Integer>>> expected,
      List<String> complaints) {
    for (int i = 0; i < 25; i++) {
      int which = random.nextInt(requests.size());
      String kind = KINDS.get(random.nextInt(KINDS.size()));
      String name = kind.isEmpty() ? "" : kind + "-" + random.nextInt(2);
      try (Generation generation = engine.submit(requests.get(which).by(name))) {
        if (random.nextInt(4) == 0) {
          generation.next();
          continue; // closing it cancels it
        }
        List<Integer> tokens = read(generation).answer().tokens();
        if (!tokens.equals(expected.get(which).get(kind))) {
          complaints.add("'%s' answered request %d by %s".formatted(name, which, tokens));
        }
      } catch (UnknownAdapterException e) {
        // It is not there just now.
      } catch (EngineBusyException | InterruptedException e) {
        complaints.add(e.toString());
      }
    }
  }

  private static Answer.Collector read(Generation generation) throws InterruptedException {
    Answer.Collector collector = new Answer.Collector();
    while (!collector.take(generation.next())) {}
    return collector;
  }

  private static GenerationRequest request(Random random, int promptTokens, int maxTokens) {
    int[] prompt = IntStream.range(0, promptTokens).map(_ -> 2 + random.nextInt(40)).toArray();
    return new GenerationRequest(
        "tenant",
        prompt,
        maxTokens,
        SamplingParameters.GREEDY,
        List.of(),
        -1,
        true,
        Long.MAX_VALUE);
  }

  private Path file(String kind) {
    return Objects.requireNonNull(files.get(kind));
  }

  private static Engine start(EngineOptions options) {
    return Engine.start(decoder(), new LetterTokenizer(), options);
  }

  private static Decoder decoder() {
    return LoadedModel.open(model(), new LoadOptions(0, 1024, KvCache.Format.F32, 2)).decoder();
  }

  private static Path model() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  AdaptersTest.class.getResource("/io/yuntai/engine/models/qwen2.gguf"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
