package io.yuntai.dialect.ollama;

import io.yuntai.dialect.ModelRequest;

/** What {@code /api/chat} and {@code /api/generate} ask for. */
public sealed interface OllamaCall {
  /**
   * An answer.
   *
   * @param request in canonical terms; its delivery is always a stream, of which one object is made
   *     where the client wants that
   * @param chat whether it is answered as a message, or as a text
   * @param stream whether the client wants pieces as they come
   */
  record Generate(ModelRequest request, boolean chat, boolean stream) implements OllamaCall {}

  /**
   * Nothing but that a model be in memory, or leave it; here it always is.
   *
   * @param model its name
   * @param chat whether it is answered as a message, or as a text
   * @param unload whether it is to leave
   */
  record Load(String model, boolean chat, boolean unload) implements OllamaCall {}
}
