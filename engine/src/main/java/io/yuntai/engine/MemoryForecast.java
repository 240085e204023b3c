package io.yuntai.engine;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.KvSize;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How much memory of the machine a process will have taken once a model has read one context: the
 * peak of what is resident, to a tenth.
 *
 * @param contextTokens length of the context
 * @param weightBytes packed weights
 * @param kvBytes keys and values of the context
 * @param workBytes what steps work in, tables of angles, vocabulary
 * @param processBytes the JVM itself, what it collects, and pages of the model's file
 * @param stepBytes of the weights, those that one token needs: all of them, but only its experts of
 *     a mixture
 */
public record MemoryForecast(
    int contextTokens,
    long weightBytes,
    long kvBytes,
    long workBytes,
    long processBytes,
    long stepBytes) {
  /**
   * Measured with three models: code, compiled and not, 60 MB; young generation 32 MB; the rest of
   * the heap, threads, collector, and 30 MB of the file's pages.
   */
  private static final long PROCESS_BYTES = 155_000_000;

  /** Of one token in the vocabulary: its bytes, its place in tables, its logits in a few rows. */
  private static final long VOCABULARY_ENTRY_BYTES = 64 + 4 * Float.BYTES;

  /**
   * The forecast for a model.
   *
   * @param options as it would be loaded with
   * @throws ModelFormatException for a file that is damaged or not of a kind this engine runs
   */
  public static MemoryForecast of(Path gguf, LoadOptions options) {
    try (GgufFile file = GgufFile.open(gguf)) {
      ModelConfig config = Architecture.of(file).configure(file);
      int context = LoadedModel.contextTokens(config, options);
      return new MemoryForecast(
          context,
          TransformerDecoder.weightBytes(file, config),
          kvBytes(config, options, context),
          workBytes(config, context),
          PROCESS_BYTES,
          TransformerDecoder.stepBytes(file, config));
    } catch (IOException e) {
      throw new ModelFormatException(gguf + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static long kvBytes(ModelConfig config, LoadOptions options, int context) {
    long blocks = Math.ceilDiv(context, KvCache.BLOCK_TOKENS);
    int window = options.slidesWindows() ? config.windowTokens() : 0;
    if (window == 0) {
      return blocks * KvCache.blockBytes(config.kvShape(), options.kvFormat());
    }
    int layers = config.windowLayers();
    int batch = Math.min(EngineOptions.DEFAULTS.maxBatchTokens(), context);
    long seen = Math.min(blocks, KvSize.windowBlocks(window, 1, batch));
    return blocks
            * KvCache.blockBytes(
                config.kvShape(config.layers().size() - layers), options.kvFormat())
        + seen * KvCache.blockBytes(config.kvShape(layers), options.kvFormat());
  }

  private static long workBytes(ModelConfig config, int contextTokens) {
    int batch = Math.min(EngineOptions.DEFAULTS.maxBatchTokens(), contextTokens);
    return TransformerDecoder.workBytes(config, batch, contextTokens)
        + VOCABULARY_ENTRY_BYTES * config.vocabularySize();
  }

  /** All of it. */
  public long totalBytes() {
    return weightBytes + kvBytes + workBytes + processBytes;
  }
}
