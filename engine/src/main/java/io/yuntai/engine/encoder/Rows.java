package io.yuntai.engine.encoder;

import io.yuntai.engine.encoder.EncoderWeights.Linear;
import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import io.yuntai.engine.kernel.WorkerTeam;
import org.jspecify.annotations.Nullable;

/** Rows of a batch on their way through matrices that take the same input. */
final class Rows {
  /** Parts that a product is cut into per worker, so that one who is held up costs little. */
  private static final int CHUNKS_PER_WORKER = 4;

  private static final int MAX_CHUNK_TILES = 8;

  private final Kernels kernels;
  private final int maxTokens;
  private final int columns;
  private final Form codes;
  private @Nullable Activations quantized;
  private @Nullable Activations plain;

  /**
   * @param columns elements of a row
   * @param codes what block-quantised matrices get
   */
  Rows(Kernels kernels, int maxTokens, int columns, Form codes) {
    this.kernels = kernels;
    this.maxTokens = maxTokens;
    this.columns = columns;
    this.codes = codes;
  }

  /** A matrix and where its results go, {@code stride} apart. */
  record Product(Linear linear, float[] out, int stride) {}

  /** Makes room for a batch that goes into the given matrices. */
  void resize(int tokens, Linear... users) {
    boolean anyQuantized = false;
    boolean anyPlain = false;
    for (Linear user : users) {
      anyQuantized |= user.matrix().form().quantized();
      anyPlain |= !user.matrix().form().quantized();
    }
    quantized = anyQuantized ? resized(quantized, tokens, codes) : null;
    plain = anyPlain ? resized(plain, tokens, Form.FLOATS) : null;
  }

  private Activations resized(@Nullable Activations old, int tokens, Form form) {
    Activations activations = old != null ? old : new Activations(maxTokens, columns, form);
    activations.resize(tokens);
    return activations;
  }

  /** Takes a token's row of {@code rows}. */
  void set(float[] rows, int token, KernelScratch scratch) {
    if (quantized != null) {
      kernels.store(rows, token * columns, quantized, token, scratch);
    }
    if (plain != null) {
      kernels.store(rows, token * columns, plain, token, scratch);
    }
  }

  /** Multiplies all rows; biases are not added yet. */
  void multiply(WorkerTeam team, KernelScratch[] scratch, Product... products) {
    int tiles = 0;
    for (Product product : products) {
      tiles += product.linear().matrix().tiles();
    }
    int chunk = Math.clamp(tiles / (team.workers() * CHUNKS_PER_WORKER), 1, MAX_CHUNK_TILES);
    int chunks = 0;
    for (Product product : products) {
      chunks += Math.ceilDiv(product.linear().matrix().tiles(), chunk);
    }
    team.run(chunks, (item, worker) -> multiply(products, chunk, item, scratch[worker]));
  }

  private void multiply(Product[] products, int chunk, int item, KernelScratch scratch) {
    int which = 0;
    int before = 0;
    int chunks = Math.ceilDiv(products[0].linear().matrix().tiles(), chunk);
    while (item >= before + chunks) {
      before += chunks;
      which++;
      chunks = Math.ceilDiv(products[which].linear().matrix().tiles(), chunk);
    }
    PackedMatrix matrix = products[which].linear().matrix();
    int firstTile = (item - before) * chunk;
    kernels.multiply(
        matrix,
        firstTile,
        Math.min(chunk, matrix.tiles() - firstTile),
        input(matrix),
        products[which].out(),
        0,
        products[which].stride(),
        scratch);
  }

  private Activations input(PackedMatrix matrix) {
    Activations activations = matrix.form().quantized() ? quantized : plain;
    if (activations == null) {
      throw new IllegalStateException("no input prepared for a matrix");
    }
    return activations;
  }
}
