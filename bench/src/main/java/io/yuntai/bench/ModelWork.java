package io.yuntai.bench;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.KvCache;
import java.util.List;

/**
 * What a token costs, counted from a model's file: nothing here is measured.
 *
 * @param fileWeightBytes of all matrices that every step reads, as they stand in the file
 * @param loadedWeightBytes of the same, as the engine holds them
 * @param layerMultiplyAdds of a token in all layers, without attention
 * @param outputMultiplyAdds of the output projection, which only a token that is continued needs
 * @param kvBytes keys and values of one token
 * @param attentionMultiplyAdds of a token with one other token that it looks at
 */
record ModelWork(
    long fileWeightBytes,
    long loadedWeightBytes,
    long layerMultiplyAdds,
    long outputMultiplyAdds,
    long kvBytes,
    long attentionMultiplyAdds) {

  /** Of this file, with keys and values in this format. */
  static ModelWork of(GgufFile file, KvCache.Format kvFormat) {
    ModelConfig config = Architecture.of(file).configure(file);
    String output =
        file.findTensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
    // The embedding is a look-up of one row, unless it is the output projection as well.
    List<TensorInfo> matrices =
        file.tensors().stream()
            .filter(tensor -> tensor.shape().size() == 2)
            .filter(tensor -> tensor.name().startsWith("blk.") || tensor.name().equals(output))
            .toList();
    TensorInfo projection = file.tensor(output);
    long all = matrices.stream().mapToLong(ModelWork::elements).sum();
    return new ModelWork(
        matrices.stream().mapToLong(tensor -> tensor.data().byteSize()).sum(),
        TransformerDecoder.weightBytes(file),
        all - elements(projection),
        elements(projection),
        (long) config.layers()
            * config.kvHeads()
            * (config.keyLength() + config.valueLength())
            * kvFormat.bytes(),
        (long) config.layers() * config.heads() * (config.keyLength() + config.valueLength()));
  }

  private static long elements(TensorInfo tensor) {
    return tensor.rows() * tensor.columns();
  }

  /** What one step of a phase costs; tokens of prompts are read in chunks, each one step. */
  record Step(double bytes, double multiplyAdds, int tokens) {
    /** Multiply-adds for each byte read: what decides whether memory or arithmetic is the limit. */
    double intensity() {
      return multiplyAdds / bytes;
    }

    /** Tokens per second that the machine allows: whichever of its limits comes first. */
    double limit(double bytesPerSecond, double multiplyAddsPerSecond) {
      return tokens / Math.max(bytes / bytesPerSecond, multiplyAdds / multiplyAddsPerSecond);
    }

    /** Whether memory is what limits it. */
    boolean isBoundByMemory(double bytesPerSecond, double multiplyAddsPerSecond) {
      return bytes / bytesPerSecond > multiplyAdds / multiplyAddsPerSecond;
    }
  }

  /** A prompt, read in chunks. Each chunk reads the weights once, and the keys before it. */
  Step prefill(int tokens, int chunkTokens) {
    long chunks = Math.ceilDiv(tokens, chunkTokens);
    double pairs = tokens * (tokens + 1.0) / 2;
    double keysBefore = chunkTokens * chunks * (chunks - 1.0) / 2;
    return new Step(
        (double) chunks * loadedWeightBytes + (keysBefore + tokens) * kvBytes,
        (double) tokens * layerMultiplyAdds + outputMultiplyAdds + pairs * attentionMultiplyAdds,
        tokens);
  }

  /** One token of each stream; all have the same number of tokens before it. */
  Step decode(int streams, double tokensBefore) {
    return new Step(
        loadedWeightBytes + streams * tokensBefore * kvBytes,
        streams * (layerMultiplyAdds + outputMultiplyAdds + tokensBefore * attentionMultiplyAdds),
        streams);
  }
}
