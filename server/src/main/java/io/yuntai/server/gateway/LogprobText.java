package io.yuntai.server.gateway;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Log-probabilities with the text and bytes of their tokens. */
final class LogprobText {
  private final Tokenizer tokenizer;

  LogprobText(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** At most one; none for an end token, which is no part of the answer. */
  List<TokenLogprob> of(GenerationEvent.Token token) {
    if (token.logprobs().isEmpty() || tokenizer.isEndOfGeneration(token.id())) {
      return List.of();
    }
    GenerationEvent.TokenLogprobs logprobs = token.logprobs().get();
    return List.of(
        new TokenLogprob(
            scored(logprobs.chosen()), logprobs.top().stream().map(this::scored).toList()));
  }

  private TokenLogprob.Scored scored(GenerationEvent.TokenLogprob logprob) {
    byte[] bytes = tokenizer.bytes(logprob.id(), true);
    List<Integer> values = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      values.add(b & 0xFF);
    }
    return new TokenLogprob.Scored(
        new String(bytes, StandardCharsets.UTF_8), values, logprob.logprob());
  }
}
