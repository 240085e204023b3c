package io.yuntai.bench;

import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.measure.Spread;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.Speculation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decoding with drafts beside decoding without, in one process and by turns: {@code
 * SpeculationScenario MODEL prompt|DRAFT_MODEL [THREADS [TOKENS [REPEATS]]]}, with GGUF files.
 *
 * <p>Tasks that repeat much (a source file to be edited and printed again) and tasks that repeat
 * nothing; every pair of answers must be the same, else it fails.
 */
public final class SpeculationScenario {
  private static final int CONTEXT_TOKENS = 4096;

  private final LoadedModel model;
  private final int tokens;

  private SpeculationScenario(LoadedModel model, int tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  /** Something to ask. */
  private record Task(String name, String question, double temperature) {}

  /** One answer, and how fast it came after its first token. */
  private record Run(List<Integer> answer, double tokensPerSecond) {}

  /** The process. */
  @SuppressWarnings("SystemOut") // a command's result
  public static void main(String[] arguments)
      throws IOException, InterruptedException, EngineBusyException {
    Locale.setDefault(Locale.ROOT);
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
    int tokens = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 512;
    int repeats = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 5;
    // Two copies: an engine owns its decoder, and each is to be warm when its turn comes.
    SpeculationScenario plain =
        new SpeculationScenario(open(Path.of(arguments[0]), threads), tokens);
    SpeculationScenario drafted =
        new SpeculationScenario(open(Path.of(arguments[0]), threads), tokens);
    Speculation speculation = speculation(arguments[1], threads);
    try (Engine off = plain.start(new Speculation.Off());
        Engine on = drafted.start(speculation)) {
      plain.run(off, new Task("warm-up", "Count to thirty, in words.", 0));
      drafted.run(on, new Task("warm-up", "Count to thirty, in words.", 0));
      System.out.printf(
          "%-10s %7s  %8s %8s  %6s  %7s %8s%n",
          "task", "tokens", "off t/s", "on t/s", "ratio", "drafted", "accepted");
      for (Task task : tasks()) {
        compare(plain, off, drafted, on, task, repeats);
      }
    }
  }

  private static LoadedModel open(Path file, int threads) {
    return LoadedModel.open(
        file,
        new LoadOptions(CONTEXT_TOKENS, CONTEXT_TOKENS, LoadOptions.DEFAULTS.kvFormat(), threads));
  }

  private static Speculation speculation(String how, int threads) {
    if (how.equals("prompt")) {
      return new Speculation.Lookup();
    }
    LoadedModel draft = open(Path.of(how), threads);
    return new Speculation.Model(draft.decoder(), draft.tokenizer());
  }

  private static List<Task> tasks() throws IOException {
    String source;
    try (InputStream in = SpeculationScenario.class.getResourceAsStream("shelves.py")) {
      if (in == null) {
        throw new BenchException("the source file to edit is not on the class path");
      }
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String file = "\n\n```python\n" + source + "```\n";
    return List.of(
        new Task(
            "rename", "Rename the class Shop to Store and print the whole file again." + file, 0),
        new Task(
            "comment",
            "Add a one-line docstring to each method that lacks one and print the whole file again."
                + file,
            0),
        new Task(
            "sampled",
            "Rename the variable least to minimum everywhere and print the whole file again."
                + file,
            0.7),
        new Task("prose", "Explain in a few hundred words how the tides come about.", 0.7),
        new Task("letter", "Write a friendly letter that invites a neighbour to dinner.", 0));
  }

  private Engine start(Speculation speculation) {
    return Engine.start(model.decoder(), model.tokenizer(), EngineOptions.DEFAULTS, speculation);
  }

  @SuppressWarnings("SystemOut") // a command's result
  private static void compare(
      SpeculationScenario plain,
      Engine off,
      SpeculationScenario drafted,
      Engine on,
      Task task,
      int repeats)
      throws InterruptedException, EngineBusyException {
    List<Double> offs = new ArrayList<>();
    List<Double> ons = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    int length = 0;
    EngineStatistics before = on.statistics();
    for (int i = 0; i < repeats; i++) {
      Run one = plain.run(off, task);
      Run other = drafted.run(on, task);
      if (!one.answer().equals(other.answer())) {
        throw new BenchException(task.name() + ": the answers with and without drafts differ");
      }
      length = one.answer().size();
      offs.add(one.tokensPerSecond());
      ons.add(other.tokensPerSecond());
      ratios.add(other.tokensPerSecond() / one.tokensPerSecond());
    }
    EngineStatistics after = on.statistics();
    Spread ratio = Spread.of(ratios.stream().toList());
    System.out.printf(
        "%-10s %7d  %8.1f %8.1f  %6.2f (%.2f to %.2f)  %7d %8d%n",
        task.name(),
        length,
        Spread.of(offs).median(),
        Spread.of(ons).median(),
        ratio.median(),
        ratio.min(),
        ratio.max(),
        (after.draftedTokens() - before.draftedTokens()) / repeats,
        (after.acceptedTokens() - before.acceptedTokens()) / repeats);
  }

  private Run run(Engine engine, Task task) throws InterruptedException, EngineBusyException {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "user");
    message.put("content", task.question());
    int[] prompt =
        new PromptEncoder(model.tokenizer(), model.chatTemplate())
            .encodeChat(new ChatPrompt(List.of(message), List.of(), true, Map.of()));
    SamplingParameters sampling =
        new SamplingParameters(task.temperature(), 0.8, 20, 0, 0, 0, Map.of(), 7, 0);
    GenerationRequest request =
        new GenerationRequest(prompt, tokens, sampling, List.of(), -1, false, Long.MAX_VALUE);
    int[] answer = new int[tokens];
    int length = 0;
    long first = 0;
    try (Generation generation = engine.submit(request)) {
      while (true) {
        switch (generation.next()) {
          case GenerationEvent.Token token -> {
            first = length == 0 ? System.nanoTime() : first;
            answer[length++] = token.id();
          }
          case GenerationEvent.Finished _ -> {
            Duration took = Duration.ofNanos(System.nanoTime() - first);
            return new Run(
                Arrays.stream(answer, 0, length).boxed().toList(),
                (length - 1) * 1e9 / took.toNanos());
          }
          case GenerationEvent.Failed failed -> throw new BenchException(failed.message());
        }
      }
    }
  }
}
