package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model perplexity}. */
@Command(
    name = "perplexity",
    description = {
      "Print the mean negative log-likelihood per token (natural logarithm) of a text.",
      "A text longer than the context is cut into pieces of its length, each judged by itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai model perplexity qwen2.5-coder:0.5b text.txt --json"})
final class PerplexityCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Parameters(index = "0", paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "A text file in UTF-8.")
  private Path file = Path.of("");

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "0",
      description = "Tokens of one piece (default: the model's own limit, at most 4096).")
  private int contextTokens;

  @Option(names = "--json", description = "Print {\"tokens\",\"mean_nll\",\"perplexity\"}.")
  private boolean json;

  PerplexityCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    LoadOptions options =
        new LoadOptions(contextTokens, 0, KvCache.Format.F32, 0).withKernel(kernel.name());
    String text = ModelFiles.read(file);
    LoadedModel loaded = LoadedModel.open(ModelFiles.find(context, home, model), options);
    try (Decoder decoder = loaded.decoder()) {
      int[] ids = new PromptEncoder(loaded.tokenizer(), loaded.chatTemplate()).encodeText(text);
      if (ids.length < 2) {
        throw new CommandException(
            ExitCode.FAILED, file + " has fewer than two tokens: there is nothing to predict.");
      }
      print(new Judgement(decoder).of(ids));
    }
    return ExitCode.OK.number();
  }

  private void print(Judgement judgement) {
    double mean = judgement.sum / judgement.tokens;
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("tokens", judgement.tokens);
      fields.put("mean_nll", mean);
      fields.put("perplexity", Math.exp(mean));
      context.screen().result(Json.text(fields));
    } else {
      context
          .screen()
          .result(
              String.format(
                  Locale.ROOT,
                  "%.6f nats per token over %d tokens (perplexity %.4f)",
                  mean,
                  judgement.tokens,
                  Math.exp(mean)));
    }
  }

  /** A text's tokens, judged by a model. */
  private final class Judgement {
    private final Decoder decoder;
    private double sum;
    private int tokens;

    Judgement(Decoder decoder) {
      this.decoder = decoder;
    }

    Judgement of(int[] ids) {
      int window = new SequenceRun(decoder).capacity();
      for (int from = 0; from < ids.length; from += window) {
        int[] piece = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + window));
        context.screen().progress(from + " / " + ids.length);
        BitSet wanted = new BitSet();
        wanted.set(0, piece.length - 1);
        new SequenceRun(decoder)
            .feed(
                piece,
                wanted,
                (position, logits) -> {
                  sum -= logProbability(logits, piece[position + 1]);
                  tokens++;
                });
      }
      return this;
    }
  }

  /** Natural logarithm of a token's probability, in double precision. */
  static double logProbability(float[] logits, int token) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return logits[token] - max - Math.log(sum);
  }
}
