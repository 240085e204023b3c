package io.yuntai.engine;

import io.yuntai.engine.encoder.BertEncoder;
import io.yuntai.engine.encoder.Encoder;
import io.yuntai.engine.gguf.GgufFile;
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
      return open(file, options, packed);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static LoadedEncoder open(GgufFile file, LoadOptions options, PackedCache packed) {
    ModelKind kind = ModelKind.of(file);
    Tokenizer tokenizer = Tokenizer.of(Vocabulary.of(file.metadata()));
    requireMemory(file);
    Kernels kernels = KernelChoice.named(options.kernel());
    int context = options.contextTokens() == 0 ? DEFAULT_CONTEXT_TOKENS : options.contextTokens();
    WorkerTeam team =
        new WorkerTeam(options.threads() == 0 ? PhysicalCores.count() : options.threads());
    Encoder encoder;
    try {
      encoder = new BertEncoder(file, kernels, team, context, EncoderEngine.STEP_TOKENS, packed);
    } catch (RuntimeException | Error e) {
      team.close();
      throw e;
    }
    return new LoadedEncoder(
        file.metadata().findString("general.name").orElse(file.name()),
        file.metadata().string("general.architecture"),
        kind,
        file.tensors().stream().mapToLong(t -> t.rows() * t.columns()).sum(),
        new EncoderTexts(tokenizer),
        encoder,
        kernels.name());
  }

  private static void requireMemory(GgufFile file) {
    long needed = BertEncoder.weightBytes(file);
    long available = MachineMemory.availableBytes();
    if (needed > available) {
      throw new NotEnoughMemoryException(
          "%s needs %.1f GB of memory for its weights, and %.1f GB are free; stop other programs or take a smaller model."
              .formatted(file.name(), needed / 1e9, available / 1e9));
    }
  }
}
