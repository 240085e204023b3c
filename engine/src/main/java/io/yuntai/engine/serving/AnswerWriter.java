package io.yuntai.engine.serving;

import io.yuntai.engine.FinishReason;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationEvent.TokenLogprobs;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.sampling.Sampler;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses a sequence's next token, tells its reader, and knows whether that was the last. */
final class AnswerWriter {
  private final Tokenizer tokenizer;
  private final Sampler sampler;
  private final long[] mask;

  /**
   * @param tokenizer the model's vocabulary
   * @param logits length of a row of logits; where the vocabulary is shorter, the rest is padding
   *     and never chosen
   */
  AnswerWriter(Tokenizer tokenizer, int logits) {
    this.tokenizer = tokenizer;
    this.sampler = new Sampler(Math.min(logits, tokenizer.vocabularySize()));
    this.mask = new long[Math.ceilDiv(tokenizer.vocabularySize(), Long.SIZE)];
  }

  /**
   * Adds one token to a sequence.
   *
   * @param logits the row after the sequence's last token
   * @return why the sequence ends with this token, if it does
   * @throws io.yuntai.engine.sampling.BadLogitsException when the logits allow no choice
   * @throws io.yuntai.engine.grammar.GrammarLimitException when its grammar goes beyond a bound
   */
  Optional<FinishReason> extend(ActiveSequence sequence, float[] logits) {
    GenerationRequest request = sequence.request();
    TokenState grammar = sequence.grammar();
    int token = choose(sequence, logits, grammar);
    sequence.append(token);
    if (tokenizer.isEndOfGeneration(token) && !request.ignoreEndOfGeneration()) {
      return Optional.of(FinishReason.STOP);
    }
    if (grammar != null) {
      grammar = grammar.accept(token);
      sequence.grammar(grammar);
    }
    Optional<TokenLogprobs> logprobs =
        request.topLogprobs() < 0
            ? Optional.empty()
            : Optional.of(sampler.logprobs(logits, token, request.topLogprobs()));
    String text =
        sequence.text().append(tokenizer.bytes(token, request.shownTokens().contains(token)));
    sequence.mailbox().put(new GenerationEvent.Token(token, text, logprobs));
    if (sequence.text().stopped() || (grammar != null && grammar.isFinal())) {
      return Optional.of(FinishReason.STOP);
    }
    return sequence.remainingTokens() == 0 ? Optional.of(FinishReason.LENGTH) : Optional.empty();
  }

  private int choose(ActiveSequence sequence, float[] logits, @Nullable TokenState grammar) {
    SamplingParameters sampling = sequence.request().sampling();
    if (grammar == null) {
      return sampler.sample(
          logits, sequence.generatedCounts(), sequence, sampling, sequence.length());
    }
    grammar.mask(mask);
    return sampler.sample(
        logits, sequence.generatedCounts(), sequence, sampling, sequence.length(), mask);
  }
}
