package io.yuntai.cli.inspect;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.models.KvCacheOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.kernel.KvCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai model logits}. */
@Command(
    name = "logits",
    description = "Run token ids through a model; print the logits after chosen positions as JSON.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai model logits ./my.gguf --tokens ids.json --rows 0,1,20 --greedy 16",
    })
final class LogitsCommand implements Callable<Integer> {
  private static final int GREEDY_MAX = 1 << 20;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Parameters(paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      required = true,
      description = "A JSON array of token ids.")
  private Path tokens = Path.of("");

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "POSITION",
      description = "Positions whose next-token logits are printed (default: the last).")
  private int @Nullable [] rows;

  @Option(
      names = "--greedy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Go on with this many tokens, each the likeliest one.")
  private int greedy;

  @Option(
      names = "--kv",
      defaultValue = "f32",
      description =
          "How keys and values are stored: f32, f16, bf16 or q8_0 (default: ${DEFAULT-VALUE}).")
  private String kv = "f32";

  @Option(names = "--json", description = "Print JSON; this command always does.")
  @SuppressWarnings("UnusedVariable") // accepted, as everywhere in 'model'
  private boolean json;

  LogitsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    int[] ids = Json.read(ModelFiles.read(tokens), int[].class, tokens.toString());
    if (ids.length == 0) {
      throw new CommandException(ExitCode.USAGE, tokens + " holds no token ids.");
    }
    if (greedy < 0 || greedy > GREEDY_MAX) {
      throw new CommandException(
          ExitCode.USAGE, "--greedy must be between 0 and " + GREEDY_MAX + ".");
    }
    BitSet wanted = wanted(ids.length);
    int length = Math.addExact(ids.length, greedy);
    LoadOptions options = new LoadOptions(length, length, format(), 0).withKernel(kernel.name());
    LoadedModel loaded = LoadedModel.open(ModelFiles.find(context, home, model), options);
    try (Decoder decoder = loaded.decoder()) {
      context.screen().result(Json.text(run(decoder, ids, wanted)));
    }
    return ExitCode.OK.number();
  }

  private Map<String, Object> run(Decoder decoder, int[] ids, BitSet wanted) {
    DetokenizeCommand.TokenIds.check(ids, decoder.vocabularySize());
    SequenceRun sequence = new SequenceRun(decoder);
    if (ids.length + greedy > sequence.capacity()) {
      throw new CommandException(
          ExitCode.FAILED,
          ids.length
              + " tokens and "
              + greedy
              + " greedy ones are more than the model's context of "
              + decoder.contextTokens()
              + ".");
    }
    List<Map<String, Object>> printed = new ArrayList<>();
    int last = ids.length - 1;
    int[] next = new int[1];
    BitSet computed = (BitSet) wanted.clone();
    computed.set(last);
    sequence.feed(
        ids,
        computed,
        (position, logits) -> {
          if (wanted.get(position)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("position", position);
            row.put("logits", logits);
            printed.add(row);
          }
          next[0] = likeliest(logits);
        });
    List<Integer> continued = new ArrayList<>();
    for (int i = 0; i < greedy; i++) {
      continued.add(next[0]);
      if (i + 1 < greedy) {
        computed.set(ids.length + i);
        sequence.feed(
            new int[] {next[0]}, computed, (position, logits) -> next[0] = likeliest(logits));
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("vocab", decoder.vocabularySize());
    result.put("rows", printed);
    result.put("greedy", continued);
    return result;
  }

  private BitSet wanted(int count) {
    BitSet wanted = new BitSet();
    if (rows == null) {
      wanted.set(count - 1);
      return wanted;
    }
    for (int row : rows) {
      if (row < 0 || row >= count) {
        throw new CommandException(
            ExitCode.USAGE, "--rows " + row + " is not a position of " + count + " tokens.");
      }
      wanted.set(row);
    }
    return wanted;
  }

  private KvCache.Format format() {
    return KvCacheOption.format("--kv", kv);
  }

  /** The lowest id among the likeliest. */
  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
