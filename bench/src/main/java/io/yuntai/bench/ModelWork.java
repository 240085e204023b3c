package io.yuntai.bench;

import io.yuntai.engine.decoder.Architecture;
import io.yuntai.engine.decoder.AttentionShape;
import io.yuntai.engine.decoder.FeedForwardShape;
import io.yuntai.engine.decoder.ModelConfig;
import io.yuntai.engine.decoder.TransformerDecoder;
import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.kernel.KvShape;
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

  /**
   * Of this file, with keys and values in this format. Of a mixture's experts those count that one
   * token goes through; several tokens together read more of them.
   */
  static ModelWork of(GgufFile file, KvCache.Format kvFormat) {
    ModelConfig config = Architecture.of(file).configure(file);
    String output =
        file.findTensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
    // The embedding is a look-up of one row, unless it is the output projection as well.
    List<TensorInfo> matrices =
        file.tensors().stream()
            .filter(tensor -> tensor.shape().size() >= 2)
            .filter(tensor -> tensor.name().startsWith("blk.") || tensor.name().equals(output))
            .toList();
    TensorInfo projection = file.tensor(output);
    double used = usedExperts(config);
    double bytes = 0;
    double all = 0;
    double held = 0;
    for (TensorInfo tensor : matrices) {
      double share = tensor.name().contains("_exps.") ? used : 1;
      bytes += share * tensor.data().byteSize();
      all += share * elements(tensor);
      held += tensor.data().byteSize();
    }
    KvShape kv = config.kvShape();
    AttentionShape attention = config.attention();
    return new ModelWork(
        (long) bytes,
        (long) (TransformerDecoder.weightBytes(file, config) * (bytes / held)),
        (long) all - elements(projection),
        elements(projection),
        KvCache.blockBytes(kv, kvFormat) / KvCache.BLOCK_TOKENS,
        (long) kv.layers() * attention.heads() * (kv.keyLength() + kv.valueLength()));
  }

  /** The share of its experts that a token goes through; 1 where there are none. */
  private static double usedExperts(ModelConfig config) {
    return config.layers().getLast().feedForward() instanceof FeedForwardShape.Mixture mixture
        ? (double) mixture.routing().used() / mixture.routing().experts()
        : 1;
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
