package io.yuntai.engine.tokenizer;

import io.yuntai.engine.ModelFormatException;

/** What a token is for: {@code tokenizer.ggml.token_type}, whose codes start at 1 in this order. */
enum TokenKind {
  /** Text. */
  NORMAL,
  /** Stands for text that the vocabulary can't spell. */
  UNKNOWN,
  /** Structure: beginning, end, turns. Never made from text that is only text. */
  CONTROL,
  /** Text that is cut out whole before any other rule. */
  USER_DEFINED,
  /** A filler that no text uses. */
  UNUSED,
  /** One byte, spelled {@code <0xAB>}. */
  BYTE;

  private static final TokenKind[] KINDS = values();

  static TokenKind ofCode(int id, int code) {
    if (code < 1 || code > KINDS.length) {
      throw new ModelFormatException(
          "The vocabulary is damaged: token %d has type %d, but types run from 1 to %d."
              .formatted(id, code, KINDS.length));
    }
    return KINDS[code - 1];
  }

  /** Whether merging or matching plain text may give such a token. */
  boolean madeFromText() {
    return this == NORMAL || this == USER_DEFINED || this == UNUSED;
  }

  /** Whether the spelling names the token and is not text that the token stands for. */
  boolean isMarker() {
    return this == CONTROL || this == UNKNOWN;
  }
}
