package io.yuntai.server.api;

import io.yuntai.server.gateway.RunningAnswer.PromptProgress;
import io.yuntai.server.http.Exchange;
import java.util.Optional;
import java.util.function.Supplier;

/** The silence before and between the pieces of an answer: how far its prompt has come. */
final class AnswerSilence implements Exchange.Silence {
  private static final byte[] NOTHING = {};

  private final AnswerFormat format;
  private final Supplier<Optional<PromptProgress>> progress;

  AnswerSilence(AnswerFormat format, Supplier<Optional<PromptProgress>> progress) {
    this.format = format;
    this.progress = progress;
  }

  @Override
  public byte[] keepAlive() {
    return format.keepAlive();
  }

  @Override
  public byte[] news() {
    return progress
        .get()
        .filter(p -> p.doneTokens() < p.promptTokens())
        .map(p -> format.comment("prefill %d/%d".formatted(p.doneTokens(), p.promptTokens())))
        .orElse(NOTHING);
  }
}
