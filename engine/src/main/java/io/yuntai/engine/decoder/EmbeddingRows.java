package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import java.util.Arrays;

/** Rows of the token embedding, read from the file as they are needed. */
final class EmbeddingRows {
  private final TensorInfo embedding;
  private final int width;
  private final float factor;

  /** One for each worker. */
  private final Dequantizer[] dequantizers;

  EmbeddingRows(TensorInfo embedding, ModelConfig config, int workers) {
    this.embedding = embedding;
    this.width = config.width();
    this.factor = config.embeddingScale();
    dequantizers = new Dequantizer[workers];
    Arrays.setAll(dequantizers, _ -> new Dequantizer(embedding.type()));
  }

  /** Reads a token's row, times the model's factor. */
  void read(int token, float[] to, int offset, int worker) {
    long from = token * embedding.type().bytes(width);
    dequantizers[worker].read(embedding.data(), from, width, to, offset);
    if (factor != 1) {
      for (int i = offset; i < offset + width; i++) {
        to[i] *= factor;
      }
    }
  }
}
