package io.yuntai.engine.encoder;

/**
 * One sequence, with the tokens that the model wants at its start and end.
 *
 * @param tokens token ids, at least one
 * @param secondSegment index of the first token of the second of two texts; the number of tokens
 *     where there is only one
 */
public record EncoderInput(int[] tokens, int secondSegment) {
  /** Checks ranges. */
  public EncoderInput {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a sequence needs at least one token");
    }
    if (secondSegment < 0 || secondSegment > tokens.length) {
      throw new IllegalArgumentException(
          "the second text starts at token %d of %d".formatted(secondSegment, tokens.length));
    }
  }

  /** A single text. */
  public static EncoderInput of(int[] tokens) {
    return new EncoderInput(tokens, tokens.length);
  }
}
