package io.yuntai.bench;

import io.yuntai.engine.EncoderEngine;
import io.yuntai.engine.EncoderOptions;
import io.yuntai.engine.Encoding;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedEncoder;
import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.measure.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code bench/run embeddings}: vectors of made-up texts, by turns with llama.cpp on the same file.
 * Ours runs in this process, through the engine that serves requests; each repetition is one
 * request. Another peer may be given as a command that speaks {@link Worker}'s protocol.
 */
@Command(
    name = "embeddings",
    description = "Measure vectors of texts on each --model beside llama.cpp, or another peer.",
    mixinStandardHelpOptions = true)
final class EmbeddingsCommand implements Callable<Integer> {
  private static final int WARM_UPS = 5;

  @ParentCommand private @Nullable Main parent;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "16,128",
      description = "Tokens of a text (default: ${DEFAULT-VALUE}).")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--texts",
      defaultValue = "64",
      description = "Texts of a request, at most 256 (default: ${DEFAULT-VALUE}).")
  private int texts;

  @Option(
      names = "--peer",
      paramLabel = "COMMAND",
      description =
          "A program to compare with in place of llama.cpp, split at blanks: it is told 'embed TEXTS TOKENS' on stdin and answers 'nanos T'.")
  private @Nullable String peer;

  @Override
  @SuppressWarnings("SystemOut") // a command's result
  public Integer call() throws IOException, InterruptedException {
    Main options = Objects.requireNonNull(parent);
    Main.warnIfBusy();
    for (Path file : options.files()) {
      LoadOptions load = new LoadOptions(0, 0, LoadOptions.DEFAULTS.kvFormat(), options.threads());
      LoadedEncoder model = LoadedEncoder.open(file, load);
      try (EncoderEngine ours = EncoderEngine.start(model.encoder(), EncoderOptions.DEFAULTS);
          Worker theirs = peer(file, options)) {
        System.out.printf(
            "%s, %d threads, Yuntai %s, peer %s%n",
            file.getFileName(), options.threads(), model.kernel(), theirs.facts());
        for (int tokens : lengths) {
          compare(ours, theirs, tokens, model.texts().tokenizer().vocabularySize(), options);
        }
      }
    }
    return 0;
  }

  private Worker peer(Path file, Main options) throws IOException, InterruptedException {
    Sides sides = Sides.fromSystemProperties(options.threads(), "auto", null);
    return peer == null
        ? sides.startTheirs(file)
        : new Worker("the peer", List.of(peer.split(" ")), sides.scratch().resolve("peer.log"));
  }

  @SuppressWarnings("SystemOut") // a command's result
  private void compare(EncoderEngine ours, Worker theirs, int tokens, int vocabulary, Main options)
      throws InterruptedException {
    Phase phase = new Phase.Embed(texts, tokens);
    List<EncoderInput> inputs = inputs(tokens, vocabulary);
    for (int i = 0; i < WARM_UPS; i++) {
      run(ours, inputs, phase);
      double _ = theirs.measure(phase);
    }
    List<Double> our = new ArrayList<>();
    List<Double> their = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < options.repeats(); i++) {
      our.add(run(ours, inputs, phase));
      their.add(theirs.measure(phase));
      ratios.add(our.getLast() / their.getLast());
    }
    Spread ratio = Spread.of(ratios);
    System.out.printf(
        "%d texts of %d tokens: Yuntai %.0f texts/s (%.0f tokens/s), peer %.0f (%.0f), ratio %.2f (%.2f to %.2f)%n",
        texts,
        tokens,
        Spread.of(our).median(),
        Spread.of(our).median() * tokens,
        Spread.of(their).median(),
        Spread.of(their).median() * tokens,
        ratio.median(),
        ratio.min(),
        ratio.max());
  }

  /** The same made-up tokens as the other side's. */
  private List<EncoderInput> inputs(int tokens, int vocabulary) {
    List<EncoderInput> inputs = new ArrayList<>(texts);
    for (int text = 0; text < texts; text++) {
      int[] ids = new int[tokens];
      for (int i = 0; i < tokens; i++) {
        ids[i] = (int) (((text * 31L + i) * 7919 + 11) % vocabulary);
      }
      inputs.add(EncoderInput.of(ids));
    }
    return inputs;
  }

  private static double run(EncoderEngine engine, List<EncoderInput> inputs, Phase phase)
      throws InterruptedException {
    long start = System.nanoTime();
    try (Encoding encoding = engine.submit("", inputs)) {
      if (!(encoding.await() instanceof Encoding.Outcome.Done)) {
        throw new BenchException("the engine gave no vectors");
      }
      return phase.value(new long[] {System.nanoTime() - start});
    } catch (EngineBusyException e) {
      throw new BenchException("the engine is busy with something else", e);
    }
  }
}
