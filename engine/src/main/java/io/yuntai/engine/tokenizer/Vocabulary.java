package io.yuntai.engine.tokenizer;

import io.yuntai.engine.gguf.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a model file says about its tokenizer (GGUF's keys {@code tokenizer.ggml.*}), as read and
 * not yet judged; {@link Tokenizer#of} does that.
 *
 * @param model kind of tokenizer: {@code gpt2}, {@code llama} or {@code bert}
 * @param splitRule name of the rule that cuts text into pieces ({@code pre}), or null
 * @param tokens spellings by id
 * @param types a code from 1 to 6 for each token ({@code token_type}); empty where all are text
 * @param merges pairs of spellings with a space between, the first merged first; null where the
 *     file has none
 * @param scores for each token, higher merged first; empty where the file has none
 * @param special ids with a meaning
 * @param addsBeginOfSequence as the file says it, or null
 * @param addsSpacePrefix as the file says it, or null
 */
public record Vocabulary(
    String model,
    @Nullable String splitRule,
    ByteStrings tokens,
    int[] types,
    @Nullable ByteStrings merges,
    float[] scores,
    SpecialIds special,
    @Nullable Boolean addsBeginOfSequence,
    @Nullable Boolean addsSpacePrefix) {

  /**
   * What a GGUF file's metadata says; the file may be closed afterwards.
   *
   * @throws io.yuntai.engine.ModelFormatException if a key is missing or of another type
   */
  public static Vocabulary of(Metadata metadata) {
    return VocabularyReader.read(metadata);
  }

  /**
   * Token ids with a meaning; -1 where the file names none.
   *
   * @param begin {@code bos_token_id}: beginning of sequence
   * @param end {@code eos_token_id}: end of sequence
   * @param endOfTurn {@code eot_token_id}
   * @param endOfMessage {@code eom_token_id}
   * @param unknown {@code unknown_token_id}
   * @param classification {@code cls_token_id}: BERT's first token
   * @param separator {@code seperator_token_id} (so spelled in files): BERT's last token
   */
  public record SpecialIds(
      int begin,
      int end,
      int endOfTurn,
      int endOfMessage,
      int unknown,
      int classification,
      int separator) {
    /** No token has a meaning. */
    public static final SpecialIds NONE = new SpecialIds(-1, -1, -1, -1, -1, -1, -1);
  }
}
