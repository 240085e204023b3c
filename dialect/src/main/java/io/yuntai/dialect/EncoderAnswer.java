package io.yuntai.dialect;

/** What a model answers that generates nothing. */
public sealed interface EncoderAnswer permits EmbeddingAnswer, RerankAnswer {
  /** Tokens of all texts. */
  Usage usage();
}
