package io.yuntai.cli.bench;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.measure.DecoderSpeed;
import io.yuntai.engine.measure.WarmUp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Loads a model and measures what a plan asks for. */
final class ModelBench {
  private final BenchPlan plan;
  private final Display display;

  ModelBench(BenchPlan plan, Display display) {
    this.plan = plan;
    this.display = display;
  }

  /**
   * Measures.
   *
   * @param name what the report calls the model
   */
  ModelReport run(String name, Path file) {
    display.progress("loading " + name + " ...");
    // A batch is never longer than the context, so the context has room for the largest batch.
    int contextTokens = Math.max(plan.longestTokens(), plan.mostStreams());
    int kvTokens = (int) Math.min(Integer.MAX_VALUE, plan.kvTokens(KvCache.BLOCK_TOKENS));
    LoadedModel model =
        LoadedModel.open(
            file,
            new LoadOptions(contextTokens, kvTokens, plan.kvFormat(), plan.threads())
                .withKernel(plan.kernel()));
    try (Decoder decoder = model.decoder()) {
      DecoderSpeed speed = new DecoderSpeed(decoder);
      check(name, decoder, speed);
      return new ModelReport(
          name,
          model.kernel(),
          plan,
          plan.promptTokens().stream().map(tokens -> prefill(speed, tokens)).toList(),
          plan.streams().stream().map(streams -> decode(speed, streams)).toList());
    }
  }

  private void check(String name, Decoder decoder, DecoderSpeed speed) {
    if (plan.longestTokens() > decoder.contextTokens()) {
      throw new CommandException(
          ExitCode.USAGE,
          "%s takes at most %d tokens, but this would be %d: lower %s."
              .formatted(
                  name,
                  decoder.contextTokens(),
                  plan.longestTokens(),
                  plan.longestPromptTokens() > plan.streamTokens()
                      ? "--prompt"
                      : "--decode-prompt or --generate"));
    }
    String obstacle = speed.obstacle(plan.mostStreams(), plan.streamTokens());
    if (obstacle.isEmpty()) {
      obstacle = speed.obstacle(1, plan.longestPromptTokens());
    }
    if (!obstacle.isEmpty()) {
      throw new CommandException(ExitCode.NO_CAPACITY, "--batch: " + obstacle + ".");
    }
  }

  private ModelReport.Row prefill(DecoderSpeed speed, int tokens) {
    return new ModelReport.Row(
        tokens, repeat("prefill " + tokens, tokens, () -> speed.prefill(tokens)));
  }

  private ModelReport.Row decode(DecoderSpeed speed, int streams) {
    int tokens = plan.generatedTokens();
    return new ModelReport.Row(
        streams,
        repeat(
            "decode, streams: " + streams,
            (long) streams * tokens,
            () -> speed.decode(streams, plan.decodePromptTokens(), tokens)));
  }

  /** Tokens per second of each repetition. */
  private List<Double> repeat(String what, long tokens, LongSupplier nanos) {
    display.progress(what + ", warming up ...");
    WarmUp.run(() -> tokens * 1e9 / nanos.getAsLong());
    List<Double> speeds = new ArrayList<>();
    for (int i = 1; i <= plan.repetitions(); i++) {
      display.progress(what + ", " + i + " of " + plan.repetitions() + " ...");
      speeds.add(tokens * 1e9 / nanos.getAsLong());
    }
    return speeds;
  }
}
