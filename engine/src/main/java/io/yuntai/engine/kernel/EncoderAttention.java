package io.yuntai.engine.kernel;

/**
 * What {@link EncoderKernels#attention} computes: one head, for some tokens of a sequence in which
 * every token sees all of them. Queries, keys, values and results stand in rows, one for each token
 * of a batch, that hold all heads.
 *
 * @param queries rows of queries
 * @param keys likewise keys
 * @param values likewise values
 * @param results receives the results
 * @param stride elements of a row
 * @param head where the head's elements stand in a row
 * @param headLength how many they are
 * @param firstToken row of the sequence's first token
 * @param tokens of the sequence
 * @param firstQuery the first token whose result is wanted, counted in the sequence
 * @param queryCount how many
 * @param scale what scores are multiplied with
 */
public record EncoderAttention(
    float[] queries,
    float[] keys,
    float[] values,
    float[] results,
    int stride,
    int head,
    int headLength,
    int firstToken,
    int tokens,
    int firstQuery,
    int queryCount,
    float scale) {
  /** Where the head's elements of a token of the sequence start. */
  int row(int token) {
    return (firstToken + token) * stride + head;
  }
}
