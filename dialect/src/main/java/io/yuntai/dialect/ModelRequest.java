package io.yuntai.dialect;

/** What a client wants a model to do. */
public sealed interface ModelRequest permits ChatRequest, CompletionRequest {
  /** The model's name as the client wrote it. */
  String model();

  /** How the answer is generated. */
  GenerationSettings settings();

  /** How the answer is sent. */
  Delivery delivery();
}
