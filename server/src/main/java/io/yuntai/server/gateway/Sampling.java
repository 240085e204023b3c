package io.yuntai.server.gateway;

import io.yuntai.dialect.GenerationSettings;
import io.yuntai.engine.sampling.Repetition;
import io.yuntai.engine.sampling.SamplingParameters;

/** A request's settings in the engine's terms. */
final class Sampling {
  private Sampling() {}

  /**
   * @param choice separates the answers to one prompt: same seed, other draws
   */
  static SamplingParameters of(GenerationSettings settings, long seed, int choice) {
    return new SamplingParameters(
        settings.temperature(),
        // The dialects allow 0: the smallest set that reaches it is the likeliest token alone.
        Math.max(settings.topP(), Double.MIN_VALUE),
        settings.topK(),
        settings.minP(),
        settings.presencePenalty(),
        settings.frequencyPenalty(),
        new Repetition(settings.repetition().factor(), settings.repetition().lastTokens()),
        settings.logitBias(),
        seed,
        choice);
  }
}
