package io.yuntai.engine.decoder;

/** How the tokens of a layer look at one another. */
public sealed interface AttentionShape {
  /** Query heads. */
  int heads();

  /** Heads in the KV cache; divides {@link #heads()}. */
  int kvHeads();

  /** Elements of one key in the KV cache. */
  int keyLength();

  /** Elements of one value in the KV cache. */
  int valueLength();

  /** Elements of one head's part in the input of the last projection. */
  int outputLength();

  /** Whether the KV cache's values are the first elements of its keys. */
  boolean valueInKey();

  /** What scores are multiplied with. */
  float scale();

  /**
   * Grouped-query attention: query heads share key-value heads.
   *
   * @param scale what scores are multiplied with
   * @param bias whether queries, keys and values have biases
   * @param headNorms whether each query and key head is normalised before it is rotated
   * @param fused whether the file has queries, keys and values in one tensor {@code attn_qkv}
   */
  record GroupedQuery(
      int heads,
      int kvHeads,
      int keyLength,
      int valueLength,
      float scale,
      boolean bias,
      boolean headNorms,
      boolean fused)
      implements AttentionShape {
    @Override
    public int outputLength() {
      return valueLength;
    }

    @Override
    public boolean valueInKey() {
      return false;
    }

    GroupedQuery withBias() {
      return new GroupedQuery(
          heads, kvHeads, keyLength, valueLength, scale, true, headNorms, fused);
    }

    GroupedQuery withHeadNorms() {
      return new GroupedQuery(heads, kvHeads, keyLength, valueLength, scale, bias, true, fused);
    }

    GroupedQuery withFusedProjections() {
      return new GroupedQuery(heads, kvHeads, keyLength, valueLength, scale, bias, headNorms, true);
    }

    GroupedQuery withScale(float newScale) {
      return new GroupedQuery(
          heads, kvHeads, keyLength, valueLength, newScale, bias, headNorms, fused);
    }
  }

  /**
   * Multi-head latent attention in its absorbed form (DeepSeek-V2): the cache holds one compressed
   * vector and one rotated key per position for all heads; queries are brought into the compressed
   * space instead of keys and values out of it.
   *
   * @param queryRank length of the compressed query; 0 where queries are not compressed
   * @param rank length of the compressed key and value
   * @param plainLength elements of a query head that are not rotated
   * @param rotatedLength elements of a query head, and of the shared key, that are
   * @param headValueLength elements of a head's value once it is out of the compressed space
   * @param scale what scores are multiplied with
   * @param joined whether the file has what leads out of the compressed space in one tensor, {@code
   *     attn_kv_b}, as older files do
   */
  record Latent(
      int heads,
      int queryRank,
      int rank,
      int plainLength,
      int rotatedLength,
      int headValueLength,
      float scale,
      boolean joined)
      implements AttentionShape {
    @Override
    public int kvHeads() {
      return 1;
    }

    @Override
    public int keyLength() {
      return rank + rotatedLength;
    }

    @Override
    public int valueLength() {
      return rank;
    }

    @Override
    public int outputLength() {
      return headValueLength;
    }

    @Override
    public boolean valueInKey() {
      return true;
    }

    /** Elements of one query head as it is projected. */
    int queryLength() {
      return plainLength + rotatedLength;
    }
  }
}
