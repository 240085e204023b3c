package io.yuntai.bench;

import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.measure.DecoderSpeed;
import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.MachinePeak;
import io.yuntai.engine.measure.MemoryBandwidth;
import io.yuntai.engine.measure.Spread;
import io.yuntai.engine.measure.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code bench/run roofline}: what a token costs, what the machine can do, and how near we come.
 */
@Command(
    name = "roofline",
    description = "Print what a token of each --model costs, and how near each phase comes.",
    mixinStandardHelpOptions = true)
final class RooflineCommand implements Callable<Integer> {
  private static final int PROMPT_TOKENS = 512;
  private static final int STREAM_PROMPT_TOKENS = 128;
  private static final int GENERATED_TOKENS = 32;
  private static final List<Integer> STREAMS = List.of(1, 8, 16);

  @ParentCommand private @Nullable Main parent;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "A Markdown page, such as docs/roofline.md, whose results are replaced.")
  private @Nullable Path page;

  /** A model's name and file. */
  private record Subject(String name, Path file) {}

  /** What the machine gives with so many threads; medians. */
  private record Limits(double bytesPerSecond, String peak, double multiplyAddsPerSecond) {}

  @Override
  @SuppressWarnings("SystemOut") // a command's result
  public Integer call() throws IOException {
    Main options = Objects.requireNonNull(parent);
    List<Path> files = options.files();
    List<Subject> subjects =
        IntStream.range(0, files.size())
            .mapToObj(
                i -> new Subject(Main.label(options.models().get(i), files.get(i)), files.get(i)))
            .toList();
    Machine machine = Main.warnIfBusy();
    List<String> lines = new ArrayList<>();
    lines.addAll(work(subjects));
    lines.add("");
    System.err.println("measuring the machine");
    List<MachinePeak> peaks = MachinePeak.all();
    double bandwidth;
    try (MemoryBandwidth memory = new MemoryBandwidth(MemoryBandwidth.BUFFER_BYTES)) {
      bandwidth = median(memory.read(options.threads(), options.repeats()));
    }
    lines.add("| The machine, " + options.threads() + " threads | |");
    lines.add("|---|---|");
    lines.add("| memory read | %.1f GB/s |".formatted(bandwidth / 1e9));
    Limits limits = new Limits(bandwidth, "", 0);
    for (MachinePeak peak : peaks) {
      double speed = median(peak.measure(options.threads(), options.repeats()));
      lines.add("| %s | %.0f billion multiply-adds/s |".formatted(peak.name(), speed / 1e9));
      if (speed > limits.multiplyAddsPerSecond()) {
        limits = new Limits(bandwidth, peak.name(), speed);
      }
    }
    lines.add("");
    lines.addAll(phases(subjects, limits, options));
    lines.add("");
    lines.add(
        "%s, %d cores, %s; %s; medians of %d; load average before: %.1f. The arithmetic limit is that of %s."
            .formatted(
                machine.processor(),
                machine.cores(),
                machine.system(),
                LocalDate.now(ZoneOffset.UTC),
                options.repeats(),
                machine.loadAverage(),
                limits.peak()));
    String text = String.join("\n", lines);
    System.out.println(text);
    if (page != null) {
      MarkedText.replace(page, "results", text);
    }
    return 0;
  }

  private static List<String> work(List<Subject> subjects) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| What a token costs | weights in the file | as held in memory | multiply-adds | of it the output | keys and values | attention |");
    lines.add("|---|---|---|---|---|---|---|");
    for (Subject subject : subjects) {
      ModelWork work = work(subject.file());
      lines.add(
          "| %s | %.0f MB | %.0f MB | %.0f million | %.0f %% | %.1f kB | %.1f thousand for each token before |"
              .formatted(
                  subject.name(),
                  work.fileWeightBytes() / 1e6,
                  work.loadedWeightBytes() / 1e6,
                  (work.layerMultiplyAdds() + work.outputMultiplyAdds()) / 1e6,
                  100.0
                      * work.outputMultiplyAdds()
                      / (work.layerMultiplyAdds() + work.outputMultiplyAdds()),
                  work.kvBytes() / 1e3,
                  work.attentionMultiplyAdds() / 1e3));
    }
    return lines;
  }

  private static ModelWork work(Path file) throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      return ModelWork.of(gguf, LoadOptions.DEFAULTS.kvFormat());
    }
  }

  private static List<String> phases(List<Subject> subjects, Limits limits, Main options)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| Phase | multiply-adds for each byte | limited by | limit, tokens/s | measured | of the limit |");
    lines.add("|---|---|---|---|---|---|");
    int mostStreams = STREAMS.stream().max(Comparator.naturalOrder()).orElseThrow();
    for (Subject subject : subjects) {
      System.err.println(subject.name() + ": measuring");
      ModelWork work = work(subject.file());
      int streamTokens = STREAM_PROMPT_TOKENS + GENERATED_TOKENS;
      LoadedModel model =
          LoadedModel.open(
              subject.file(),
              new LoadOptions(
                  PROMPT_TOKENS,
                  Math.max(PROMPT_TOKENS, mostStreams * streamTokens),
                  LoadOptions.DEFAULTS.kvFormat(),
                  options.threads()));
      try (Decoder decoder = model.decoder()) {
        DecoderSpeed speed = new DecoderSpeed(decoder);
        lines.add(
            row(
                subject.name() + ", prefill " + PROMPT_TOKENS,
                work.prefill(PROMPT_TOKENS, decoder.maxBatchTokens()),
                limits,
                measure(options.repeats(), PROMPT_TOKENS, () -> speed.prefill(PROMPT_TOKENS))));
        for (int streams : STREAMS) {
          lines.add(
              row(
                  subject.name() + ", decode, " + streams + (streams == 1 ? " stream" : " streams"),
                  work.decode(streams, STREAM_PROMPT_TOKENS + GENERATED_TOKENS / 2.0),
                  limits,
                  measure(
                      options.repeats(),
                      streams * GENERATED_TOKENS,
                      () -> speed.decode(streams, STREAM_PROMPT_TOKENS, GENERATED_TOKENS))));
        }
      }
    }
    return lines;
  }

  private static String row(String name, ModelWork.Step step, Limits limits, double measured) {
    double limit = step.limit(limits.bytesPerSecond(), limits.multiplyAddsPerSecond());
    return "| %s | %.1f | %s | %.0f | %.0f | %.0f %% |"
        .formatted(
            name,
            step.intensity(),
            step.isBoundByMemory(limits.bytesPerSecond(), limits.multiplyAddsPerSecond())
                ? "memory"
                : "arithmetic",
            limit,
            measured,
            100 * measured / limit);
  }

  /** Tokens per second, the median. */
  private static double measure(int repetitions, int tokens, LongSupplier nanos) {
    WarmUp.run(() -> tokens * 1e9 / nanos.getAsLong());
    return median(
        IntStream.range(0, repetitions).mapToObj(i -> tokens * 1e9 / nanos.getAsLong()).toList());
  }

  private static double median(List<Double> values) {
    return Spread.of(values).median();
  }
}
