package io.yuntai.engine.tokenizer;

/**
 * A model's vocabulary and its rules.
 *
 * <p>Implementations are immutable and safe for use by many threads.
 */
public interface Tokenizer {
  /** Whether texts that look like control tokens become those tokens. */
  enum SpecialTokens {
    /** Everything is text (user-defined tokens still match, as everywhere). */
    AS_TEXT,
    /** The spelling of a control token is that token; only for text that we rendered ourselves. */
    PARSE
  }

  /**
   * The tokenizer that a model file describes.
   *
   * @throws io.yuntai.engine.ModelFormatException if the vocabulary is damaged, or asks for a kind
   *     or a splitting rule that we do not know
   */
  static Tokenizer of(Vocabulary vocabulary) {
    return new VocabularyTokenizer(vocabulary);
  }

  /** Number of token ids: ids run from 0 to this, exclusive. */
  int vocabularySize();

  /**
   * Ids of a text, without the tokens that a model wants at the start or end.
   *
   * <p>Linear in the length of the text but for a logarithm. Bytes that a vocabulary has no token
   * for (SmolLM2 lacks 21, all rare) leave no trace.
   *
   * @param text any text; unpaired surrogates are treated as U+FFFD
   * @throws IllegalArgumentException for more than 2^27 characters
   */
  int[] encode(String text, SpecialTokens specialTokens);

  /**
   * The bytes that a token stands for; none for a filler that no text uses. A character's bytes may
   * be spread over tokens: see {@link Utf8Stream}.
   *
   * @param id a token id
   * @param special whether control tokens give their spelling; otherwise they give no bytes
   * @throws IndexOutOfBoundsException for an id outside the vocabulary
   */
  byte[] bytes(int id, boolean special);

  /** Text of a sequence of ids; malformed UTF-8 becomes U+FFFD. */
  String decode(int[] ids, boolean special);

  /**
   * Whether the token ends a generation: end of sequence, of turn or of message as the file names
   * them, or a control token whose spelling is known to end turns.
   */
  boolean isEndOfGeneration(int id);

  /** Whether the token is a control token, one that user text can never produce. */
  boolean isControl(int id);

  /** The token's spelling in the vocabulary, as chat templates and people name it. */
  String spelling(int id);

  /** Beginning of sequence, or -1 where the model has none. */
  int beginOfSequence();

  /** End of sequence, or -1 where the model has none. */
  int endOfSequence();

  /** Whether the model wants {@link #beginOfSequence()} before a plain text. */
  boolean addsBeginOfSequence();

  /** Whether the model wants {@link #endOfSequence()} after a plain text (BERT does). */
  boolean addsEndOfSequence();
}
