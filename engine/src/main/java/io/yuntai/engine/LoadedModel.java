package io.yuntai.engine;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.ModelIdentity;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.template.ChatTemplate;
import io.yuntai.engine.template.JinjaTemplate;
import io.yuntai.engine.template.TemplateException;
import io.yuntai.engine.template.UnusableTemplate;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A model file, opened: its tokenizer, its chat template and a decoder over its mapped weights.
 *
 * @param name {@code general.name} of the file, or its file name
 * @param architecture {@code general.architecture}
 * @param parameters number of weights
 * @param trainedContextTokens the context the model was made for
 * @param vocabulary its tokenizer; absent in files made for tests only
 * @param chatTemplate its chat template, if it has one
 * @param decoder ready to step
 * @param kernel the kernel in use, such as {@code vector-512}
 * @param identity tells what it computes from what others do: equal ones, equal bits
 * @param onDisk what is to be expected where its weights are larger than memory
 */
public record LoadedModel(
    String name,
    String architecture,
    long parameters,
    int trainedContextTokens,
    Optional<Tokenizer> vocabulary,
    Optional<ChatTemplate> chatTemplate,
    Decoder decoder,
    String kernel,
    String identity,
    Optional<WeightsOnDisk> onDisk) {
  private static final int DEFAULT_CONTEXT_TOKENS = 4096;

  /**
   * Its tokenizer.
   *
   * @throws ModelFormatException where the file has none
   */
  public Tokenizer tokenizer() {
    return vocabulary.orElseThrow(
        () -> new ModelFormatException(name + " has no vocabulary, so it takes token ids only"));
  }

  /**
   * Opens a GGUF file.
   *
   * @throws ModelFormatException for a file that is damaged or not of a kind this engine runs
   * @throws NotEnoughMemoryException when the model does not fit this machine's memory
   */
  public static LoadedModel open(Path gguf, LoadOptions options) {
    Path folder = options.packedFolder();
    PackedCache packed = folder == null ? PackedCache.NONE : PackedCache.of(gguf, folder);
    GgufFile file = openFile(gguf);
    try {
      return open(gguf, file, options, packed);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static GgufFile openFile(Path gguf) {
    try {
      return GgufFile.open(gguf);
    } catch (IOException e) {
      throw new ModelFormatException(gguf + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static LoadedModel open(
      Path gguf, GgufFile file, LoadOptions options, PackedCache packed) {
    ModelConfig config = Architecture.of(file).configure(file);
    Metadata metadata = file.metadata();
    int context = contextTokens(config, options);
    MemoryPlan memory = MemoryPlan.of(file, config, options, context, options.availableBytes());
    Optional<WeightsOnDisk> onDisk = WeightsOnDisk.of(gguf, file, config, memory, options);
    Kernels kernels = KernelChoice.named(options.kernel());
    // Words and weights take about as long, and neither needs the other.
    FutureTask<Words> words = new FutureTask<>(() -> words(file));
    Thread.ofPlatform().daemon().name("yuntai-vocabulary").start(words);
    Decoder decoder;
    try {
      decoder = decoder(file, config, kernels, context, memory, options, packed);
    } catch (RuntimeException | Error e) {
      settle(words);
      throw e;
    }
    try {
      Words read = settle(words);
      String identity = ModelIdentity.of(file);
      file.unload();
      return new LoadedModel(
          metadata.findString("general.name").orElse(file.name()),
          config.architecture(),
          file.tensors().stream().mapToLong(t -> t.rows() * t.columns()).sum(),
          config.contextTokens(),
          read.vocabulary(),
          read.template(),
          decoder,
          kernels.name(),
          NumericContract.VERSION + " " + identity,
          onDisk);
    } catch (RuntimeException | Error e) {
      decoder.close();
      throw e;
    }
  }

  private static Decoder decoder(
      GgufFile file,
      ModelConfig config,
      Kernels kernels,
      int contextTokens,
      MemoryPlan memory,
      LoadOptions options,
      PackedCache packed) {
    WorkerTeam team = new WorkerTeam(threads(options));
    try {
      return new TransformerDecoder(
          file,
          config,
          kernels,
          team,
          contextTokens,
          memory.kv(),
          Math.min(EngineOptions.DEFAULTS.maxBatchTokens(), contextTokens),
          packed,
          memory.onDisk());
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
  }

  /** What turns text into tokens. */
  private record Words(Optional<Tokenizer> vocabulary, Optional<ChatTemplate> template) {}

  private static Words words(GgufFile file) {
    return new Words(
        vocabulary(file),
        file.metadata().findString("tokenizer.chat_template").map(LoadedModel::chatTemplate));
  }

  /** Waits even if interrupted: the thread reads from the mapped file. */
  private static Words settle(FutureTask<Words> words) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return words.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case RuntimeException thrown -> throw thrown;
            case Error thrown -> throw thrown;
            case null, default -> throw new IllegalStateException(e);
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Optional<Tokenizer> vocabulary(GgufFile file) {
    return file.metadata().values().containsKey("tokenizer.ggml.tokens")
        ? Optional.of(Tokenizer.of(Vocabulary.of(file.metadata())))
        : Optional.empty();
  }

  private static ChatTemplate chatTemplate(String source) {
    try {
      return JinjaTemplate.compile(source);
    } catch (TemplateException e) {
      return new UnusableTemplate(source, String.valueOf(e.getMessage()));
    }
  }

  /** The context that a model is loaded with. */
  static int contextTokens(ModelConfig config, LoadOptions options) {
    return options.contextTokens() == 0
        ? Math.min(DEFAULT_CONTEXT_TOKENS, config.contextTokens())
        : Math.min(options.contextTokens(), config.contextTokens());
  }

  private static int threads(LoadOptions options) {
    return options.threads() == 0 ? PhysicalCores.count() : options.threads();
  }
}
