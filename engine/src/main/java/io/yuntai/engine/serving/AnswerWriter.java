package io.yuntai.engine.serving;

import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationEvent.TokenLogprobs;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.Sampler;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Optional;

/** Chooses a sequence's next token, tells its reader, and knows whether that was the last. */
final class AnswerWriter {
  private final Tokenizer tokenizer;
  private final Sampler sampler;

  /**
   * @param tokenizer the model's vocabulary
   * @param logits length of a row of logits; where the vocabulary is shorter, the rest is padding
   *     and never chosen
   */
  AnswerWriter(Tokenizer tokenizer, int logits) {
    this.tokenizer = tokenizer;
    this.sampler = new Sampler(Math.min(logits, tokenizer.vocabularySize()));
  }

  /**
   * Adds one token to a sequence.
   *
   * @param logits the row after the sequence's last token
   * @return why the sequence ends with this token, if it does
   * @throws io.yuntai.engine.sampling.BadLogitsException when the logits allow no choice
   */
  Optional<FinishReason> extend(ActiveSequence sequence, float[] logits) {
    GenerationRequest request = sequence.request();
    int token =
        sampler.sample(logits, sequence.generatedCounts(), request.sampling(), sequence.length());
    sequence.append(token);
    if (tokenizer.isEndOfGeneration(token) && !request.ignoreEndOfGeneration()) {
      return Optional.of(FinishReason.STOP);
    }
    Optional<TokenLogprobs> logprobs =
        request.topLogprobs() < 0
            ? Optional.empty()
            : Optional.of(sampler.logprobs(logits, token, request.topLogprobs()));
    String text = sequence.text().append(tokenizer.bytes(token, false));
    sequence.mailbox().put(new GenerationEvent.Token(token, text, logprobs));
    if (sequence.text().stopped()) {
      return Optional.of(FinishReason.STOP);
    }
    return sequence.remainingTokens() == 0 ? Optional.of(FinishReason.LENGTH) : Optional.empty();
  }
}
