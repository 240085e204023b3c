package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a batch on their way into matrix products: quantised, as they are, or both, as the
 * matrices want them.
 */
final class Inputs {
  private final Kernels kernels;
  private final int maxTokens;
  private final int columns;
  private final boolean neverQuantized;
  private @Nullable Activations quantized;
  private @Nullable Activations plain;
  private boolean wantQuantized;
  private boolean wantPlain;

  /**
   * @param neverQuantized whether block-quantised matrices get the rows as they are, too
   */
  Inputs(Kernels kernels, int maxTokens, int columns, boolean neverQuantized) {
    this.kernels = kernels;
    this.maxTokens = maxTokens;
    this.columns = columns;
    this.neverQuantized = neverQuantized;
  }

  /** Makes room for a batch that goes into the given matrices. */
  void resize(int tokens, PackedMatrix... users) {
    wantQuantized = false;
    wantPlain = false;
    for (PackedMatrix user : users) {
      wantQuantized |= quantizes(user);
      wantPlain |= !quantizes(user);
    }
    if (wantQuantized) {
      quantized = resized(quantized, tokens, true);
    }
    if (wantPlain) {
      plain = resized(plain, tokens, false);
    }
  }

  private boolean quantizes(PackedMatrix matrix) {
    return matrix.form().quantized() && !neverQuantized;
  }

  private Activations resized(@Nullable Activations old, int tokens, boolean quantize) {
    Activations activations = old != null ? old : new Activations(maxTokens, columns, quantize);
    activations.resize(tokens);
    return activations;
  }

  /** Stores one token, taken from its row in {@code rows}. */
  void set(float[] rows, int token, KernelScratch scratch) {
    if (wantQuantized && quantized != null) {
      kernels.quantize(rows, token * columns, quantized, token, scratch);
    }
    if (wantPlain && plain != null) {
      kernels.copy(rows, token * columns, plain, token);
    }
  }

  /** What a matrix is multiplied with. */
  Activations of(PackedMatrix matrix) {
    Activations activations = quantizes(matrix) ? quantized : plain;
    if (activations == null) {
      throw new IllegalStateException("no input prepared for a matrix");
    }
    return activations;
  }
}
