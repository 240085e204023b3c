package io.yuntai.server.gateway;

import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationRequest;

/** Where a model's generations run; today always {@code engine::submit}. */
@FunctionalInterface
public interface Generator {
  /**
   * Queues a generation.
   *
   * @throws EngineBusyException when the queue is full
   * @throws io.yuntai.engine.PromptTooLongException when the prompt leaves no room for an answer
   * @throws IllegalArgumentException when it names a token that the model does not have
   * @throws IllegalStateException when the engine is stopping or broken
   */
  Generation submit(GenerationRequest request) throws EngineBusyException;
}
