package io.yuntai.engine.encoder;

/** What an encoder gives for a sequence. */
public sealed interface EncoderOutput {
  /** Elements of a result. */
  int width();

  /**
   * A vector.
   *
   * @param width its elements
   * @param minDimensions fewest leading elements that still are a vector of the model's (Matryoshka
   *     representation learning, arXiv 2205.13147); {@code width} where it was not trained for less
   * @param normalized whether vectors have length 1; a shortened one is normalised again
   */
  record Vector(int width, int minDimensions, boolean normalized) implements EncoderOutput {}

  /** One number, the higher the more relevant: the logit of a pair of texts. */
  record Score() implements EncoderOutput {
    @Override
    public int width() {
      return 1;
    }
  }
}
