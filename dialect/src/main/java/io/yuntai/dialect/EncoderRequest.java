package io.yuntai.dialect;

/** What a client wants of a model that generates nothing: vectors, or an order of documents. */
public sealed interface EncoderRequest permits EmbeddingRequest, RerankRequest {
  /** The model's name as the client wrote it. */
  String model();

  /** The same request of a model of another name. */
  EncoderRequest withModel(String name);
}
