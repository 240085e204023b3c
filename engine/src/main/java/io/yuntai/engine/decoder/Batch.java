package io.yuntai.engine.decoder;

/**
 * The tokens of one forward pass: a flat list, whatever mixture of prefill chunks and decode steps
 * it comes from.
 *
 * <p>Tokens of one sequence stand in order of position, and their keys and values are written
 * before they are read, so that a chunk attends to itself. Position {@code p} of a sequence lives
 * in block {@code blockTables[sequence][p / blockTokens]}.
 *
 * @param tokens token ids, n of them
 * @param positions absolute position of each in its sequence, n
 * @param sequences index into {@code blockTables} for each, n
 * @param blockTables per sequence the KV blocks that hold its positions, long enough for the
 *     highest position here
 * @param windowTables likewise for layers with a window, in blocks of their own numbers; what no
 *     token here sees may be missing from it. The same as {@code blockTables} where the decoder
 *     keeps all blocks whole ({@link Decoder#windowTokens})
 * @param logitRows indices into {@code tokens}, ascending: the ones whose next-token logits are
 *     wanted
 * @param adapters per sequence the adapter that its tokens go through, {@link Adapter#NONE} for
 *     none; empty where no sequence has one
 */
public record Batch(
    int[] tokens,
    int[] positions,
    int[] sequences,
    int[][] blockTables,
    int[][] windowTables,
    int[] logitRows,
    Adapter[] adapters) {
  private static final Adapter[] NO_ADAPTERS = {};

  /** A batch for a decoder that keeps all blocks whole. */
  public Batch(
      int[] tokens,
      int[] positions,
      int[] sequences,
      int[][] blockTables,
      int[] logitRows,
      Adapter[] adapters) {
    this(tokens, positions, sequences, blockTables, blockTables, logitRows, adapters);
  }

  /** A batch without adapters, for a decoder that keeps all blocks whole. */
  public Batch(
      int[] tokens, int[] positions, int[] sequences, int[][] blockTables, int[] logitRows) {
    this(tokens, positions, sequences, blockTables, blockTables, logitRows, NO_ADAPTERS);
  }
}
