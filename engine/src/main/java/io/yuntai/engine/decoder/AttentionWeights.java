package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.PackedMatrix;

/** Attention's weights in one layer. */
sealed interface AttentionWeights permits GroupedQueryWeights, LatentWeights {
  /** The last projection, back to the residual stream. */
  PackedMatrix output();

  static AttentionWeights load(
      TensorLoader tensors, String prefix, AttentionShape shape, int width) {
    return switch (shape) {
      case AttentionShape.GroupedQuery grouped ->
          GroupedQueryWeights.load(tensors, prefix, grouped, width);
      case AttentionShape.Latent latent -> LatentWeights.load(tensors, prefix, latent, width);
    };
  }
}
