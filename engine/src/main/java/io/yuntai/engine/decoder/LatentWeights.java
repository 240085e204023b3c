package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.Latent;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.kernel.PackedMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of latent attention.
 *
 * @param queryDown compresses queries; null where they are not
 * @param queryNorm of compressed queries; empty where they are not
 * @param query makes queries, of compressed ones or of the layer's input
 * @param compress makes the compressed key and value, and the rotated key
 * @param compressedNorm of the former
 * @param keyUp per head, what brings a query into the compressed space
 * @param valueUp per head, what brings a value out of it
 */
record LatentWeights(
    @Nullable PackedMatrix queryDown,
    float[] queryNorm,
    PackedMatrix query,
    PackedMatrix compress,
    float[] compressedNorm,
    List<PackedMatrix> keyUp,
    List<PackedMatrix> valueUp,
    PackedMatrix output)
    implements AttentionWeights {
  private static final float[] NONE = {};

  static LatentWeights load(TensorLoader tensors, String prefix, Latent shape, int width) {
    int queries = shape.heads() * shape.queryLength();
    int queryRank = shape.queryRank();
    boolean compressed = queryRank > 0;
    PackedMatrix queryDown =
        compressed ? tensors.matrix(prefix + "attn_q_a.weight", width, queryRank) : null;
    float[] queryNorm =
        compressed ? tensors.vector(prefix + "attn_q_a_norm.weight", queryRank) : NONE;
    PackedMatrix query =
        compressed
            ? tensors.matrix(prefix + "attn_q_b.weight", queryRank, queries)
            : tensors.matrix(prefix + "attn_q.weight", width, queries);
    PackedMatrix compress =
        tensors.matrix(prefix + "attn_kv_a_mqa.weight", width, shape.keyLength());
    float[] compressedNorm = tensors.vector(prefix + "attn_kv_a_norm.weight", shape.rank());
    List<PackedMatrix> keyUp = new ArrayList<>();
    List<PackedMatrix> valueUp = new ArrayList<>();
    if (shape.joined()) {
      split(tensors, prefix, shape, keyUp, valueUp);
    } else {
      int heads = shape.heads();
      keyUp.addAll(
          tensors.matrices(prefix + "attn_k_b.weight", shape.plainLength(), shape.rank(), heads));
      valueUp.addAll(
          tensors.matrices(
              prefix + "attn_v_b.weight", shape.rank(), shape.headValueLength(), heads));
    }
    return new LatentWeights(
        queryDown,
        queryNorm,
        query,
        compress,
        compressedNorm,
        keyUp,
        valueUp,
        tensors.matrix(
            prefix + "attn_output.weight", shape.heads() * shape.headValueLength(), width));
  }

  /** Older files: per head the rows that make a key, which are turned here, then a value's. */
  private static void split(
      TensorLoader tensors,
      String prefix,
      Latent shape,
      List<PackedMatrix> keyUp,
      List<PackedMatrix> valueUp) {
    int perHead = shape.plainLength() + shape.headValueLength();
    TensorInfo joined =
        tensors.tensor(prefix + "attn_kv_b.weight", shape.rank(), (long) shape.heads() * perHead);
    for (int head = 0; head < shape.heads(); head++) {
      long first = (long) head * perHead;
      keyUp.add(tensors.placeTransposed(joined.slice("k" + head, first, shape.plainLength())));
      valueUp.add(
          tensors.place(
              joined.slice("v" + head, first + shape.plainLength(), shape.headValueLength())));
    }
  }
}
