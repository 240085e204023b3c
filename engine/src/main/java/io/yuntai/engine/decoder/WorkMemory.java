package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.AttentionShape.Latent;
import io.yuntai.engine.decoder.FeedForwardShape.Dense;
import io.yuntai.engine.decoder.FeedForwardShape.Mixture;
import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;

/**
 * Bytes that a decoder works in, beside weights and KV cache: rows of a batch on their way through
 * the layers, as {@link Workspace} and the parts of layers take them where weights are quantised,
 * and tables of angles.
 */
final class WorkMemory {
  /** A slot's token, expert, weight and place ({@link MixtureFeedForward}). */
  private static final long SLOT_BYTES = 5L * Integer.BYTES;

  private WorkMemory() {}

  /**
   * @param batchTokens most tokens of a batch
   * @param contextTokens most tokens of a sequence
   */
  static long bytes(ModelConfig config, int batchTokens, int contextTokens) {
    long width = config.width();
    long token = floats(3 * width) + codes(width, Form.CODES_8) + attention(config.attention());
    token +=
        config.layers().stream()
            .map(ModelConfig.Layer::feedForward)
            .distinct()
            .mapToLong(shape -> feedForward(shape, width))
            .sum();
    long outputs =
        TransformerDecoder.LOGIT_ROWS * (floats(config.outputs()) + codes(width, Form.CODES_16));
    long angles =
        config.layers().stream()
            .map(ModelConfig.Layer::rope)
            .distinct()
            .mapToLong(rope -> floats(rope.dimensions()) * contextTokens)
            .sum();
    return batchTokens * token + outputs + angles;
  }

  private static long attention(AttentionShape shape) {
    return switch (shape) {
      case GroupedQuery grouped -> {
        long heads = grouped.heads() + (long) grouped.kvHeads();
        yield floats(heads * (grouped.keyLength() + grouped.valueLength()))
            + codes((long) grouped.heads() * grouped.valueLength(), Form.CODES_16);
      }
      case Latent latent -> {
        long head =
            floats(
                    latent.queryLength()
                        + latent.keyLength()
                        + latent.rank()
                        + (long) latent.headValueLength())
                + codes(latent.plainLength(), Form.CODES_16)
                + codes(latent.rank(), Form.CODES_16);
        yield latent.heads() * head
            + floats(latent.queryRank() + (long) latent.keyLength())
            + codes(latent.queryRank(), Form.CODES_8)
            + codes((long) latent.heads() * latent.headValueLength(), Form.CODES_16);
      }
    };
  }

  private static long feedForward(FeedForwardShape shape, long width) {
    return switch (shape) {
      case Dense dense -> dense(dense.length());
      case Mixture mixture -> {
        long slot =
            SLOT_BYTES
                + floats(2L * mixture.length() + width)
                + codes(width, Form.CODES_8)
                + codes(mixture.length(), Form.CODES_8);
        long shared =
            mixture.sharedLength() == 0 ? 0 : dense(mixture.sharedLength()) + floats(width);
        // A router is not quantised, so that its inputs are kept as they are, too.
        yield mixture.routing().used() * slot
            + floats(mixture.routing().experts())
            + codes(width, Form.FLOATS)
            + shared;
      }
    };
  }

  private static long dense(long length) {
    return floats(2 * length) + codes(length, Form.CODES_8);
  }

  private static long floats(long count) {
    return count * Float.BYTES;
  }

  private static long codes(long columns, Form form) {
    return Activations.bytes(1, columns, form);
  }
}
