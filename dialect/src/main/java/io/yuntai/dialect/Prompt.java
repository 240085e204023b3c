package io.yuntai.dialect;

import java.util.List;

/** A prompt without a conversation's structure. */
public sealed interface Prompt {
  /**
   * @param text any text; may be empty
   */
  record Text(String text) implements Prompt {}

  /**
   * @param ids token ids, at least one, none negative
   */
  record Tokens(List<Integer> ids) implements Prompt {
    /** Copies what could change. */
    public Tokens {
      ids = List.copyOf(ids);
    }
  }
}
