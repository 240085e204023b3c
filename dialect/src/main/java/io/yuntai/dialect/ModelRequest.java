package io.yuntai.dialect;

/** What a client wants a model to do. */
public sealed interface ModelRequest permits ChatRequest, CompletionRequest {
  /** The model's name as the client wrote it. */
  String model();

  /** The same request of a model of another name. */
  ModelRequest withModel(String name);

  /** How the answer is generated. */
  GenerationSettings settings();

  /** How the answer is sent. */
  Delivery delivery();
}
