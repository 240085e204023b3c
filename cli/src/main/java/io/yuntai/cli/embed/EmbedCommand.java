package io.yuntai.cli.embed;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.dialect.InputRole;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.ModelKind;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.HomeDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai embed}. */
@Command(
    name = "embed",
    description = {
      "Print the vectors of texts, one line each.",
      "The model is loaded here, and pulled before if need be; a server answers POST /v1/embeddings."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai embed all-minilm:l6-v2 \"A cat sleeps.\" \"The kitten naps.\"",
      "  yuntai embed all-minilm:l6-v2 - < sentences.txt            one text a line",
      "  yuntai embed all-minilm:l6-v2 \"A cat sleeps.\" --json",
      "  yuntai embed ./qwen3-embedding.gguf --query \"where do cats sleep\" --dimensions 256"
    })
public final class EmbedCommand implements Callable<Integer> {
  /** Texts from stdin are read up to this size. */
  private static final int STDIN_BYTES_MAX = 64 << 20;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Parameters(index = "0", paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "TEXT",
      description = "What is to be embedded; '-' reads one text a line from stdin.")
  private List<String> texts = List.of();

  @Option(
      names = "--truncate",
      description = "Cut off the end of a text that is too long, in place of refusing it.")
  private boolean truncate;

  @Option(
      names = "--query",
      description =
          "The texts are queries, not documents: a model that was trained so reads them behind an instruction.")
  private boolean query;

  @Option(
      names = "--instruct",
      paramLabel = "TEXT",
      description = "With --query: what is looked for, in place of the model's usual instruction.")
  private String instruction = "";

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "Shorten vectors to so many elements, for models that were trained for it.")
  private int dimensions;

  @Option(
      names = "--json",
      description = "Print one JSON object: model, dimensions, tokens, embeddings.")
  private boolean json;

  /** With this screen and environment. */
  public EmbedCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> all = texts.equals(List.of("-")) ? stdin() : texts;
    HomeDirectory directory = home.directory(context.environment());
    StoredModel stored = new LocalModels(context, directory).findOrPull(model);
    ModelKind kind = ModelKind.of(stored.file());
    if (kind != ModelKind.EMBEDDING) {
      throw new CommandException(
          ExitCode.USAGE,
          "%s is a %s model and gives no vectors; 'yuntai models --all' tells which do, such as all-minilm:l6-v2."
              .formatted(model, kind.label()));
    }
    PackedWeights packed = new PackedWeights(directory.path());
    LoadOptions options =
        LoadOptions.DEFAULTS.withKernel(kernel.name()).keepingPacked(packed.folder(stored));
    try (LocalEmbedder embedder = LocalEmbedder.load(stored, options)) {
      InputRole role = role(embedder);
      VectorCut cut = VectorCut.of(embedder.output(), dimensions, model);
      if (json) {
        printJson(embedder, all, role, cut);
      } else {
        embedder.embed(
            all,
            role,
            truncate,
            (index, vector) -> context.screen().result(line(cut.apply(vector))));
      }
    }
    return ExitCode.OK.number();
  }

  private InputRole role(LocalEmbedder embedder) {
    if (!instruction.isEmpty() && !(query && embedder.takesInstructions())) {
      throw new CommandException(
          ExitCode.USAGE,
          query
              ? model + " takes no instructions; leave out --instruct."
              : "--instruct is for queries; add --query.");
    }
    return query ? new InputRole.Query(instruction) : new InputRole.Document();
  }

  private void printJson(LocalEmbedder embedder, List<String> all, InputRole role, VectorCut cut)
      throws InterruptedException {
    List<float[]> vectors = new ArrayList<>();
    long tokens =
        embedder.embed(all, role, truncate, (index, vector) -> vectors.add(cut.apply(vector)));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", embedder.name());
    result.put("dimensions", cut.dimensions());
    result.put("tokens", tokens);
    result.put("embeddings", vectors);
    context.screen().result(Json.text(result));
  }

  private static String line(float[] vector) {
    StringBuilder line = new StringBuilder(vector.length * 11);
    for (float element : vector) {
      line.append(line.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.6f", element));
    }
    return line.toString();
  }

  private static List<String> stdin() {
    try {
      byte[] bytes = System.in.readNBytes(STDIN_BYTES_MAX + 1);
      if (bytes.length > STDIN_BYTES_MAX) {
        throw new CommandException(
            ExitCode.USAGE, "The texts on stdin are longer than " + STDIN_BYTES_MAX + " bytes.");
      }
      List<String> lines =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      if (lines.isEmpty()) {
        throw new CommandException(ExitCode.USAGE, "There is no text on stdin.");
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
