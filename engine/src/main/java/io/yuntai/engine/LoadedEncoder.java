package io.yuntai.engine;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.encoder.BertEncoder;
import io.yuntai.engine.encoder.CausalEncoder;
import io.yuntai.engine.encoder.CausalOutput;
import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.kernel.KernelChoice;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.WorkerTeam;
import io.yuntai.engine.packed.PackedCache;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file for vectors or scores, opened.
 *
 * @param name {@code general.name} of the file, or its file name
 * @param architecture {@code general.architecture}
 * @param kind {@link ModelKind#EMBEDDING} or {@link ModelKind#RERANK}
 * @param parameters number of weights
 * @param texts turns texts into the model's sequences
 * @param encoder ready to compute
 * @param kernel the kernel in use, such as {@code vector-512}
 */
public record LoadedEncoder(
    String name,
    String architecture,
    ModelKind kind,
    long parameters,
    EncoderTexts texts,
    Encoder encoder,
    String kernel) {
  /** A longer context must be asked for: a step takes a whole sequence, and memory for it. */
  private static final int DEFAULT_CONTEXT_TOKENS = 2048;

  /**
   * Opens a GGUF file.
   *
   * @throws ModelFormatException for a file that is damaged or not of a kind this engine runs
   * @throws NotEnoughMemoryException when the model does not fit this machine's memory
   */
  public static LoadedEncoder open(Path gguf, LoadOptions options) {
    Path folder = options.packedFolder();
    PackedCache packed = folder == null ? PackedCache.NONE : PackedCache.of(gguf, folder);
    GgufFile file;
    try {
      file = GgufFile.open(gguf);
    } catch (IOException e) {
      throw new ModelFormatException(gguf + " cannot be read: " + e.getMessage(), e);
    }
    try {
      return open(gguf, file, options, packed);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static LoadedEncoder open(
      Path gguf, GgufFile file, LoadOptions options, PackedCache packed) {
    ModelKind kind = ModelKind.of(file);
    if (kind == ModelKind.CHAT) {
      throw new ModelFormatException(
          file.name() + ": is a chat model and gives neither vectors nor scores");
    }
    Metadata metadata = file.metadata();
    Tokenizer tokenizer = Tokenizer.of(Vocabulary.of(metadata));
    Kernels kernels = KernelChoice.named(options.kernel());
    boolean isBert = metadata.string("general.architecture").equals(BertEncoder.ARCHITECTURE);
    Encoder encoder =
        isBert
            ? bert(file, kernels, options, packed)
            : causal(gguf, file, kernels, options, packed);
    return new LoadedEncoder(
        metadata.findString("general.name").orElse(file.name()),
        metadata.string("general.architecture"),
        kind,
        file.tensors().stream().mapToLong(t -> t.rows() * t.columns()).sum(),
        isBert ? new EncoderTexts(tokenizer) : EncoderTexts.causal(metadata, tokenizer, kind),
        encoder,
        kernels.name());
  }

  private static Encoder bert(
      GgufFile file, Kernels kernels, LoadOptions options, PackedCache packed) {
    requireMemory(file, options.availableBytes());
    int context = options.contextTokens() == 0 ? DEFAULT_CONTEXT_TOKENS : options.contextTokens();
    WorkerTeam team = team(options);
    try {
      return new BertEncoder(file, kernels, team, context, EncoderEngine.STEP_TOKENS, packed);
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
  }

  private static Encoder causal(
      Path gguf, GgufFile file, Kernels kernels, LoadOptions options, PackedCache packed) {
    CausalOutput causal = CausalOutput.of(file).orElseThrow();
    ModelConfig config = Architecture.of(file).configure(file).withHead(causal.head());
    int context = LoadedModel.contextTokens(config, options);
    // One text of full length at a time, or many short ones.
    int kvTokens = Math.max(context, EncoderEngine.STEP_TOKENS);
    MemoryPlan memory =
        MemoryPlan.of(
            file,
            config,
            options.withContext(context, kvTokens),
            context,
            options.availableBytes());
    WeightsOnDisk.of(gguf, file, config, memory, options);
    WorkerTeam team = team(options);
    TransformerDecoder decoder;
    try {
      decoder =
          new TransformerDecoder(
              file,
              config,
              kernels,
              team,
              context,
              memory.kv(),
              Math.min(EngineOptions.DEFAULTS.maxBatchTokens(), context),
              packed,
              memory.onDisk());
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
    return new CausalEncoder(decoder, causal, EncoderEngine.STEP_TOKENS);
  }

  private static WorkerTeam team(LoadOptions options) {
    return new WorkerTeam(options.threads() == 0 ? PhysicalCores.count() : options.threads());
  }

  private static void requireMemory(GgufFile file, long available) {
    long needed = BertEncoder.weightBytes(file);
    if (needed > available) {
      throw new NotEnoughMemoryException(
          "%s needs %.1f GB of memory for its weights, and %.1f GB are free; stop other programs or take a smaller model."
              .formatted(file.name(), needed / 1e9, available / 1e9));
    }
  }
}
