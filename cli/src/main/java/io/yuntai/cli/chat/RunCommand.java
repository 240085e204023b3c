package io.yuntai.cli.chat;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KernelOption;
import io.yuntai.cli.models.KvCacheOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.models.MemoryOption;
import io.yuntai.cli.models.QuantizeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.ModelKind;
import io.yuntai.models.catalog.CatalogEntry;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.PackedWeights;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.AdapterBook;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.RunningModel;
import io.yuntai.server.ServerState;
import io.yuntai.server.SpeculationChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai run}. */
@Command(
    name = "run",
    description = {
      "Ask a model once, or chat with it when no prompt is given.",
      "A running server that serves the model answers; else it is loaded here, and pulled before if need be."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai run qwen2.5-coder:0.5b                            a chat; /help there explains",
      "  yuntai run smollm2:135m \"Name three rivers.\" --stats     one answer",
      "  git diff | yuntai run qwen2.5-coder:1.5b --system \"Review this change.\"",
      "  yuntai run ./my.gguf \"Hello\" --temperature 0 --seed 1",
      "  yuntai run ./checkpoint --quantize q4_k_m                a folder with safetensors"
    })
public final class RunCommand implements Callable<Integer> {
  /** A prompt from stdin is read up to this size. */
  private static final int STDIN_BYTES_MAX = 16 << 20;

  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final KernelOption kernel = new KernelOption();

  @Mixin private final KvCacheOption kvCache = new KvCacheOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Mixin private final QuantizeOption quantize = new QuantizeOption();

  @Parameters(index = "0", paramLabel = "MODEL", description = "Name, path or address of a model.")
  private String model = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "The question; '-' reads it from stdin, as does leaving it out in a pipe.")
  private @Nullable String prompt;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "Instructions before the conversation.")
  private @Nullable String system;

  @Option(
      names = "--temperature",
      defaultValue = "0.7",
      description = "0 for always the likeliest token, up to 2 (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--top-p",
      defaultValue = "0.8",
      description =
          "Keep the likeliest tokens that together reach this probability (default: ${DEFAULT-VALUE}).")
  private double topP;

  @Option(
      names = "--top-k",
      defaultValue = "20",
      description =
          "Keep this many of the likeliest tokens; 0 for all (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--max-tokens",
      defaultValue = "2048",
      description = "Longest answer, in tokens (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(names = "--seed", description = "Same seed, same answer (default: a random one).")
  private @Nullable Long seed;

  @Option(
      names = "--speculation",
      paramLabel = "off|prompt|MODEL",
      defaultValue = SpeculationChoice.DEFAULT,
      description =
          "Guess several tokens ahead: from the conversation itself, or by a small model of the same vocabulary; answers are the same. A running server has its own choice (default: ${DEFAULT-VALUE}).")
  private String speculation = SpeculationChoice.DEFAULT;

  @Option(
      names = "--adapter",
      paramLabel = "PATH",
      description =
          "Answer with this low-rank adapter (LoRA), a GGUF file or a folder; the model is loaded here.")
  private @Nullable String adapter;

  @Option(
      names = "--stats",
      description = "Print tokens, time to the first one and tokens per second on stderr.")
  private boolean stats;

  @Option(
      names = "--no-packed-cache",
      description = "Pack the weights anew, and keep none on disk.")
  private boolean noPackedCache;

  /** With this screen and environment. */
  public RunCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    ChatSettings settings = settings();
    LoadOptions options =
        LoadOptions.DEFAULTS
            .withKernel(kernel.name())
            .withKvFormat(kvCache.format())
            .withMemory(memory.bytes());
    Screen screen = context.screen();
    String question = prompt != null && !prompt.equals("-") ? prompt : null;
    boolean chat = prompt == null && screen.isInteractive();
    if (question == null && !chat) {
      question = stdin();
    }
    try (ChatModel chatModel = open(options)) {
      if (question == null) {
        chat(chatModel, settings);
      } else {
        once(chatModel, question, settings);
      }
    }
    return ExitCode.OK.number();
  }

  private ChatSettings settings() {
    require(temperature >= 0 && temperature <= 2, "--temperature", "between 0 and 2");
    require(topP > 0 && topP <= 1, "--top-p", "above 0 and at most 1");
    require(topK >= 0, "--top-k", "at least 0");
    require(maxTokens >= 1, "--max-tokens", "at least 1");
    // Short enough to be typed again.
    long chosen = seed != null ? seed : new SecureRandom().nextLong(1_000_000_000L);
    return new ChatSettings(temperature, topP, topK, maxTokens, chosen);
  }

  private static void require(boolean condition, String option, String range) {
    if (!condition) {
      throw new CommandException(ExitCode.USAGE, option + " must be " + range + ".");
    }
  }

  private static String stdin() {
    try {
      byte[] bytes = System.in.readNBytes(STDIN_BYTES_MAX + 1);
      if (bytes.length > STDIN_BYTES_MAX) {
        throw new CommandException(
            ExitCode.USAGE, "The prompt on stdin is longer than " + STDIN_BYTES_MAX + " bytes.");
      }
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, "There is no prompt: give one as an argument or on stdin.");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model in the running server if it serves it, else one of our own. */
  private ChatModel open(LoadOptions options) throws InterruptedException {
    HomeDirectory directory = home.directory(context.environment());
    LocalModels local = new LocalModels(context, directory);
    if (adapter != null) {
      return load(options, directory, local, wanted().text(), new Chosen("adapter", adapter));
    }
    Optional<ServerState> server = ServerState.find(directory);
    int colon = model.lastIndexOf(':');
    if (server.isPresent() && colon > 0 && servesAdapterOf(server.get(), local, colon)) {
      return new ServerChat(server.get(), model);
    }
    Optional<AdapterBook.Entry> remembered = new AdapterBook(directory).find(model);
    if (remembered.isPresent()) {
      AdapterBook.Entry entry = remembered.get();
      return load(options, directory, local, entry.base(), new Chosen(entry.name(), entry.path()));
    }
    ModelReference reference = wanted();
    if (server.isPresent()) {
      Optional<String> name = served(server.get(), local, reference);
      if (name.isPresent()) {
        return new ServerChat(server.get(), name.get());
      }
    }
    return load(options, directory, local, reference.text(), null);
  }

  private ModelReference wanted() {
    return quantize.apply(ModelReference.parse(model));
  }

  /** An adapter's name and path. */
  private record Chosen(String name, String path) {}

  private ChatModel load(
      LoadOptions options,
      HomeDirectory directory,
      LocalModels local,
      String base,
      @Nullable Chosen chosen)
      throws InterruptedException {
    StoredModel stored = local.findOrPull(base);
    requireChat(stored);
    SpeculationChoice choice = SpeculationChoice.of(speculation, local::findOrPull);
    context.screen().progress(context.text("run.loading", RunningModel.servedName(stored)));
    LoadOptions packed = keepingPacked(options, directory, stored);
    LocalChat loaded =
        chosen == null
            ? LocalChat.load(stored, packed, choice)
            : LocalChat.load(stored, packed, choice, chosen.name, Path.of(chosen.path));
    context.screen().err(); // the progress line has done its work
    loaded
        .onDisk()
        .ifPresent(onDisk -> context.screen().note(model + ": " + onDisk.sentence() + "."));
    return loaded;
  }

  /** Whether the server has the model before a colon, and nobody a model of the whole name. */
  private boolean servesAdapterOf(ServerState server, LocalModels local, int colon) {
    String base = model.substring(0, colon);
    return local.catalog().find(model).isEmpty()
        && server.models().stream().anyMatch(served -> served.name().equals(base));
  }

  private void requireChat(StoredModel stored) {
    String instead =
        switch (ModelKind.of(stored.file())) {
          case CHAT -> "";
          case EMBEDDING -> "makes vectors of texts: use 'yuntai embed " + model + " TEXT'.";
          case RERANK ->
              "rates documents: start 'yuntai up --model " + model + "' and use POST /v1/rerank.";
        };
    if (!instead.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, model + " does not chat; it " + instead);
    }
  }

  private LoadOptions keepingPacked(
      LoadOptions options, HomeDirectory directory, StoredModel stored) {
    if (noPackedCache) {
      return options;
    }
    PackedWeights packed = new PackedWeights(directory.path());
    packed.removeOrphans();
    return options.keepingPacked(packed.folder(stored));
  }

  private Optional<String> served(ServerState server, LocalModels local, ModelReference reference) {
    String name = local.entry(reference).map(CatalogEntry::name).orElse(model);
    Optional<String> file = local.store().find(reference).map(found -> found.file().toString());
    return server.models().stream()
        .filter(
            served -> served.name().equals(name) || file.filter(served.file()::equals).isPresent())
        .map(ServerState.ServedModel::name)
        .findFirst();
  }

  private void once(ChatModel chatModel, String question, ChatSettings settings)
      throws InterruptedException {
    List<Turn> conversation = new ArrayList<>();
    if (system != null) {
      conversation.add(new Turn("system", system));
    }
    conversation.add(new Turn("user", question));
    try (RunningAnswer answer = chatModel.ask(conversation, settings)) {
      AnswerPrinter.print(answer, context.screen());
      if (stats) {
        context
            .screen()
            .note(context.screen().noteStyle().faint(answer.facts().line(settings.seed())));
      }
    }
  }

  private void chat(ChatModel chatModel, ChatSettings settings) throws InterruptedException {
    try (ChatTerminal terminal = ChatTerminal.open()) {
      ChatLoop loop = new ChatLoop(context, terminal, chatModel, settings, system, stats);
      terminal.onInterrupt(loop::stopAnswer);
      loop.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
