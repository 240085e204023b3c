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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code bench/run speculation}: decoding with drafts beside decoding without, in one process and
 * by turns.
 *
 * <p>Tasks that repeat much (a source file to be edited and printed again) and tasks that repeat
 * nothing; every pair of answers must be the same, else it fails.
 */
@Command(
    name = "speculation",
    description = "Measure each --model's decoding with drafts beside decoding without.",
    mixinStandardHelpOptions = true)
final class SpeculationCommand implements Callable<Integer> {
  private static final int CONTEXT_TOKENS = 4096;

  @ParentCommand private @Nullable Main parent;

  @Option(
      names = "--speculation",
      paramLabel = "prompt|FILE",
      defaultValue = "prompt",
      description = "Prompt look-up, or a draft model's GGUF file (default: ${DEFAULT-VALUE}).")
  private String speculation = "prompt";

  @Option(
      names = "--answer",
      paramLabel = "TOKENS",
      defaultValue = "512",
      description = "Longest answer (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(names = "--task", description = "One of the tasks alone; repeatable.")
  private List<String> wanted = List.of();

  /** Something to ask. */
  private record Task(String name, String question, double temperature) {}

  /** One answer, and how fast it came after its first token. */
  private record Run(List<Integer> answer, double tokensPerSecond) {}

  /** A model with an engine that runs it. */
  private record Side(LoadedModel model, Engine engine) {}

  @Override
  @SuppressWarnings("SystemOut") // a command's result
  public Integer call() throws IOException, InterruptedException {
    Main options = Objects.requireNonNull(parent);
    Main.warnIfBusy();
    for (Path file : options.files()) {
      System.out.printf("%s, drafts: %s%n", file.getFileName(), Path.of(speculation).getFileName());
      System.out.printf(
          "%-10s %7s  %8s %8s  %6s %16s  %7s %8s%n",
          "task", "tokens", "off", "on", "ratio", "", "drafted", "accepted");
      // Two copies: an engine owns its decoder, and each is to be warm when its turn comes.
      Side off = start(file, new Speculation.Off(), options.threads());
      try {
        Side on = start(file, speculation(options.threads()), options.threads());
        try {
          compareAll(off, on, options.repeats());
        } finally {
          on.engine().close();
        }
      } finally {
        off.engine().close();
      }
    }
    return 0;
  }

  private static Side start(Path file, Speculation speculation, int threads) {
    LoadedModel model = open(file, threads);
    return new Side(
        model,
        Engine.start(model.decoder(), model.tokenizer(), EngineOptions.DEFAULTS, speculation));
  }

  private void compareAll(Side off, Side on, int repeats) throws IOException, InterruptedException {
    Task warmUp = new Task("warm-up", "Count to thirty, in words.", 0);
    run(off, warmUp);
    run(on, warmUp);
    for (Task task : tasks()) {
      if (wanted.isEmpty() || wanted.contains(task.name())) {
        compare(off, on, task, repeats);
      }
    }
  }

  private static LoadedModel open(Path file, int threads) {
    return LoadedModel.open(
        file,
        new LoadOptions(CONTEXT_TOKENS, CONTEXT_TOKENS, LoadOptions.DEFAULTS.kvFormat(), threads));
  }

  private Speculation speculation(int threads) {
    if (speculation.equals("prompt")) {
      return new Speculation.Lookup();
    }
    LoadedModel draft = open(Path.of(speculation), threads);
    return new Speculation.Model(draft.decoder(), draft.tokenizer());
  }

  private static List<Task> tasks() throws IOException {
    String source;
    try (InputStream in = SpeculationCommand.class.getResourceAsStream("shelves.py")) {
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

  @SuppressWarnings("SystemOut") // a command's result
  private void compare(Side off, Side on, Task task, int repeats) throws InterruptedException {
    List<Double> offs = new ArrayList<>();
    List<Double> ons = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    int length = 0;
    EngineStatistics before = on.engine().statistics();
    for (int i = 0; i < repeats; i++) {
      Run one = run(off, task);
      Run other = run(on, task);
      if (!one.answer().equals(other.answer())) {
        throw new BenchException(task.name() + ": the answers with and without drafts differ");
      }
      length = one.answer().size();
      offs.add(one.tokensPerSecond());
      ons.add(other.tokensPerSecond());
      ratios.add(other.tokensPerSecond() / one.tokensPerSecond());
    }
    EngineStatistics after = on.engine().statistics();
    Spread ratio = Spread.of(ratios);
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

  private Run run(Side side, Task task) throws InterruptedException {
    LoadedModel model = side.model();
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
    try (Generation generation = side.engine().submit(request)) {
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
    } catch (EngineBusyException e) {
      throw new BenchException("the engine is busy with something else", e);
    }
  }
}
