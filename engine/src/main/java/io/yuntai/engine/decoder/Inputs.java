package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
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
  private final Form codes;
  private @Nullable Activations quantized;
  private @Nullable Activations plain;
  private int tokens;
  private boolean wantQuantized;
  private boolean wantPlain;

  /**
   * @param codes what block-quantised matrices get
   */
  Inputs(Kernels kernels, int maxTokens, int columns, Form codes) {
    this.kernels = kernels;
    this.maxTokens = maxTokens;
    this.columns = columns;
    this.codes = codes;
  }

  /** Begins a batch; {@link #into} says which matrices it goes into. */
  Inputs begin(int batchTokens) {
    tokens = batchTokens;
    wantQuantized = false;
    wantPlain = false;
    return this;
  }

  /** Makes room for what a matrix wants. */
  Inputs into(PackedMatrix matrix) {
    if (matrix.form().quantized()) {
      wantQuantized = true;
      quantized = resized(quantized, codes);
    } else {
      wantPlain = true;
      plain = resized(plain, Form.FLOATS);
    }
    return this;
  }

  private Activations resized(@Nullable Activations old, Form form) {
    Activations activations = old != null ? old : new Activations(maxTokens, columns, form);
    activations.resize(tokens);
    return activations;
  }

  /** Stores one token, taken from its row in {@code rows}. */
  void set(float[] rows, int token, KernelScratch scratch) {
    if (wantQuantized && quantized != null) {
      kernels.store(rows, token * columns, quantized, token, scratch);
    }
    if (wantPlain && plain != null) {
      kernels.store(rows, token * columns, plain, token, scratch);
    }
  }

  /**
   * Stores some columns of one token.
   *
   * @param offset where they start in {@code x}
   * @param first the first column, a multiple of 32
   * @param count how many; a multiple of 32 unless they are the last
   */
  void set(float[] x, int offset, int token, int first, int count, KernelScratch scratch) {
    int group = first / Activations.GROUP;
    int groups = Math.ceilDiv(count, Activations.GROUP);
    if (wantQuantized && quantized != null) {
      kernels.store(x, offset, quantized, token, group, groups, scratch);
    }
    if (wantPlain && plain != null) {
      kernels.store(x, offset, plain, token, group, groups, scratch);
    }
  }

  /**
   * Stores some columns of all tokens.
   *
   * @param offset where the first token's start in {@code x}
   * @param stride from there to the next token's
   * @param first the first column, a multiple of 32
   * @param count how many; a multiple of 32 unless they are the last
   */
  void setRows(float[] x, int offset, int stride, int first, int count, KernelScratch scratch) {
    int group = first / Activations.GROUP;
    int groups = Math.ceilDiv(count, Activations.GROUP);
    if (wantQuantized && quantized != null) {
      kernels.storeRows(x, offset, stride, quantized, group, groups, scratch);
    }
    if (wantPlain && plain != null) {
      kernels.storeRows(x, offset, stride, plain, group, groups, scratch);
    }
  }

  /** What a matrix is multiplied with. */
  Activations of(PackedMatrix matrix) {
    Activations activations = matrix.form().quantized() ? quantized : plain;
    if (activations == null) {
      throw new IllegalStateException("no input prepared for a matrix");
    }
    return activations;
  }
}
