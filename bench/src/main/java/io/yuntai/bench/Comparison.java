package io.yuntai.bench;

import io.yuntai.engine.measure.DecoderSpeed;
import io.yuntai.engine.measure.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Both sides on one model, in turns: ours, theirs, ours, theirs. What disturbs the machine for
 * longer than a repetition then disturbs both, and pairs stay comparable.
 */
final class Comparison {
  private static final int BLOCK_TOKENS_MAX = 64;

  /** Memory hardly varies, and to fill a context takes long. */
  private static final int MEMORY_REPETITIONS_MAX = 3;

  private final Sides sides;
  private final Limits limits;
  private final Measurement.Run about;
  private final Path file;
  private final Consumer<String> progress;

  /**
   * How long everything may take.
   *
   * @param repetitions pairs that count
   * @param seconds after which no further pair of the same thing begins
   * @param theirDepthMax deepest context that llama.cpp is made to read
   */
  record Limits(int repetitions, int seconds, int theirDepthMax) {}

  /** One repetition of each side. */
  @FunctionalInterface
  private interface Pair {
    void run() throws IOException, InterruptedException;
  }

  /**
   * On a model.
   *
   * @param about has what is the same for all measurements
   * @param progress is told what is being done, for a person who waits
   */
  Comparison(
      Sides sides, Limits limits, Measurement.Run about, Path file, Consumer<String> progress) {
    this.sides = sides;
    this.limits = limits;
    this.about = about;
    this.file = file;
    this.progress = progress;
  }

  /** Measures one scenario. */
  List<Measurement> run(Scenario scenario, Scenario.Sizes sizes, int contextTokens)
      throws IOException, InterruptedException {
    return switch (scenario) {
      case START -> List.of(start());
      case MEMORY -> List.of(memory(Math.min(sizes.memoryContextTokens(), contextTokens)));
      default -> loaded(scenario, scenario.phases(sizes, contextTokens));
    };
  }

  /** Each side keeps the model loaded and warm, and sleeps while the other works. */
  private List<Measurement> loaded(Scenario scenario, List<Phase> phases)
      throws IOException, InterruptedException {
    if (phases.isEmpty()) {
      return List.of();
    }
    int context = phases.stream().mapToInt(Phase::streamTokens).max().orElseThrow();
    long pool =
        phases.stream()
            .mapToLong(phase ->
                DecoderSpeed.kvTokens(phase.streams(), phase.streamTokens(), BLOCK_TOKENS_MAX))
            .max()
            .orElseThrow();
    progress.accept(scenario + ": loading");
    List<Measurement> results = new ArrayList<>();
    try (Worker ours = sides.startOurs(file, context, pool);
        Worker theirs = sides.startTheirs(file)) {
      for (Phase phase : phases) {
        results.add(phase(scenario, phase, ours, theirs));
      }
    }
    return results;
  }

  private Measurement phase(Scenario scenario, Phase phase, Worker ours, Worker theirs)
      throws IOException, InterruptedException {
    boolean alone = phase instanceof Phase.Deep deep && deep.depth() > limits.theirDepthMax();
    progress.accept(phase.label() + ": warming up");
    WarmUp.run(() -> phase.unit().speed(ours.measure(phase)));
    if (!alone) {
      WarmUp.run(() -> phase.unit().speed(theirs.measure(phase)));
    }
    List<Double> ourValues = new ArrayList<>();
    List<Double> theirValues = new ArrayList<>();
    alternate(
        phase.label(),
        limits.repetitions(),
        () -> {
          ourValues.add(ours.measure(phase));
          if (!alone) {
            theirValues.add(theirs.measure(phase));
          }
        });
    return measurement(
        scenario,
        phase.label(),
        phase.unit(),
        ours.facts(),
        alone ? Map.of() : theirs.facts(),
        ourValues,
        theirValues);
  }

  /** From a process's start to its first token on stdout; the first of each warms the files. */
  private Measurement start() throws IOException, InterruptedException {
    String label = "process start to first token";
    progress.accept(label + ": warming up");
    double _ = sides.firstTokenOfOurs(file);
    double _ = sides.firstTokenOfTheirs(file);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    alternate(
        label,
        limits.repetitions(),
        () -> {
          ours.add(sides.firstTokenOfOurs(file));
          theirs.add(sides.firstTokenOfTheirs(file));
        });
    return measurement(Scenario.START, label, Unit.SECONDS, Map.of(), Map.of(), ours, theirs);
  }

  /**
   * The greatest resident set of a process that has filled a context. The first of ours leaves its
   * packed weights on disk, as a first start does.
   */
  private Measurement memory(int contextTokens) throws IOException, InterruptedException {
    String label = "resident memory, context of " + contextTokens;
    progress.accept(label + ": warming up");
    try (Worker worker = sides.startOursKeepingPacked(file, contextTokens)) {
      double _ = worker.peakMegabytes(contextTokens);
    }
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    alternate(
        label,
        Math.min(limits.repetitions(), MEMORY_REPETITIONS_MAX),
        () -> {
          try (Worker worker = sides.startOursKeepingPacked(file, contextTokens)) {
            ours.add(worker.peakMegabytes(contextTokens));
          }
          try (Worker worker = sides.startTheirs(file)) {
            theirs.add(worker.peakMegabytes(contextTokens));
          }
        });
    return measurement(Scenario.MEMORY, label, Unit.MEGABYTES, Map.of(), Map.of(), ours, theirs);
  }

  private void alternate(String label, int repetitions, Pair pair)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 1; i <= repetitions; i++) {
      progress.accept(label + ": " + i + " of " + repetitions);
      pair.run();
      if (System.nanoTime() - start > limits.seconds() * 1_000_000_000L && i < repetitions) {
        progress.accept(label + ": enough after " + i + ", since it takes long");
        return;
      }
    }
  }

  private Measurement measurement(
      Scenario scenario,
      String label,
      Unit unit,
      Map<String, String> ourFacts,
      Map<String, String> theirFacts,
      List<Double> ours,
      List<Double> theirs) {
    return new Measurement(about, scenario, label, unit, ourFacts, theirFacts, ours, theirs);
  }
}
