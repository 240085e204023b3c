package io.yuntai.engine.checkpoint;

/**
 * The rows of queries and keys whose heads are rotated. Published checkpoints pair row {@code j} of
 * a head with row {@code j + length / 2}; GGUF's {@code llama} pairs neighbours, {@code 2j} with
 * {@code 2j + 1}. Only that architecture's {@code attn_q} and {@code attn_k} are in another order
 * than published.
 */
public final class RotaryRows {
  private RotaryRows() {}

  /** Whether rows of this tensor (such as {@code blk.3.attn_q}) are in another order. */
  public static boolean areReordered(String architecture, String tensor) {
    return architecture.equals("llama")
        && (tensor.endsWith(".attn_q") || tensor.endsWith(".attn_k"));
  }

  /**
   * Which row of the published matrix a row of GGUF's is.
   *
   * @param row of all heads together
   * @param headLength rows of one head, an even number
   */
  public static long published(long row, int headLength) {
    long inHead = row % headLength;
    return row - inHead + inHead % 2 * (headLength / 2) + inHead / 2;
  }
}
