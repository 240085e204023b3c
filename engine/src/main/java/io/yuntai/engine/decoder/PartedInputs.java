package io.yuntai.engine.decoder;

import io.yuntai.engine.kernel.Activations;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into products, in parts that meet matrices of their own: an expert's tokens, or
 * one head of all tokens.
 */
final class PartedInputs {
  private final Kernels kernels;
  private final int maxRows;
  private final int columns;
  private final Form codes;
  private @Nullable Activations allQuantized;
  private @Nullable Activations allPlain;
  private @Nullable Activations[] quantized = {};
  private @Nullable Activations[] plain = {};
  private int[] firstRows = {0};

  /**
   * @param codes what block-quantised matrices get
   */
  PartedInputs(Kernels kernels, int maxRows, int columns, Form codes) {
    this.kernels = kernels;
    this.maxRows = maxRows;
    this.columns = columns;
    this.codes = codes;
  }

  /**
   * Makes room for parts.
   *
   * @param newFirstRows the first row of each part, and the one after the last part's; not changed
   *     until the next call
   * @param users matrices of all forms that parts meet
   */
  void layOut(int[] newFirstRows, PackedMatrix... users) {
    firstRows = newFirstRows;
    boolean wantQuantized = false;
    boolean wantPlain = false;
    for (PackedMatrix user : users) {
      wantQuantized |= user.form().quantized();
      wantPlain |= !user.form().quantized();
    }
    if (wantQuantized && allQuantized == null) {
      allQuantized = new Activations(maxRows, columns, codes);
    }
    if (wantPlain && allPlain == null) {
      allPlain = new Activations(maxRows, columns, Form.FLOATS);
    }
    quantized = parts(wantQuantized ? allQuantized : null);
    plain = parts(wantPlain ? allPlain : null);
  }

  private @Nullable Activations[] parts(@Nullable Activations all) {
    if (all == null) {
      return new @Nullable Activations[0];
    }
    @Nullable Activations[] parts = new @Nullable Activations[firstRows.length - 1];
    for (int i = 0; i < parts.length; i++) {
      int rows = firstRows[i + 1] - firstRows[i];
      parts[i] = rows > 0 ? all.part(firstRows[i], rows) : null;
    }
    return parts;
  }

  /** Stores one row, taken from {@code x}. Rows may be stored by several workers at once. */
  void set(float[] x, int offset, int part, int row, KernelScratch scratch) {
    if (quantized.length > 0) {
      kernels.store(x, offset, present(quantized[part]), row, scratch);
    }
    if (plain.length > 0) {
      kernels.store(x, offset, present(plain[part]), row, scratch);
    }
  }

  /** What a matrix is multiplied with. */
  Activations of(PackedMatrix matrix, int part) {
    return present(matrix.form().quantized() ? quantized[part] : plain[part]);
  }

  private static Activations present(@Nullable Activations activations) {
    if (activations == null) {
      throw new IllegalStateException("no input prepared for a matrix");
    }
    return activations;
  }
}
