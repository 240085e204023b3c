package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.testing.RandomBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Valid answers as events, at random. */
final class RandomAnswers {
  private final RandomGenerator random;
  private final RandomBytes texts;

  RandomAnswers(RandomGenerator random) {
    this.random = random;
    this.texts = new RandomBytes(random);
  }

  /**
   * @param logprobs whether text comes with log-probabilities
   */
  List<AnswerEvent> chat(boolean logprobs) {
    List<AnswerEvent> events = new ArrayList<>();
    int choices = 1 + random.nextInt(3);
    for (int choice = 0; choice < choices; choice++) {
      events.add(new AnswerEvent.Started(choice));
    }
    for (int choice = 0; choice < choices; choice++) {
      for (int k = random.nextInt(3); k > 0; k--) {
        events.add(new AnswerEvent.Reasoning(choice, "t" + texts.text()));
      }
      for (int k = random.nextInt(4); k > 0; k--) {
        events.add(
            new AnswerEvent.Delta(choice, "d" + texts.text(), logprobs ? logprobs() : List.of()));
      }
      int calls = random.nextInt(3);
      for (int call = 0; call < calls; call++) {
        events.add(new AnswerEvent.CallStarted(choice, call, "id" + texts.text(), "f" + call));
        for (int k = random.nextInt(3); k > 0; k--) {
          events.add(new AnswerEvent.CallArguments(choice, call, "{" + texts.text()));
        }
      }
      FinishReason reason =
          calls > 0
              ? FinishReason.TOOL_CALLS
              : List.of(FinishReason.STOP, FinishReason.LENGTH, FinishReason.CONTENT_FILTER)
                  .get(random.nextInt(3));
      events.add(new AnswerEvent.ChoiceFinished(choice, reason));
    }
    long prompt = random.nextInt(1000);
    long completion = random.nextInt(1000);
    events.add(
        new AnswerEvent.Finished(
            new Usage(
                prompt, random.nextLong(prompt + 1), completion, random.nextLong(completion + 1))));
    return events;
  }

  private List<TokenLogprob> logprobs() {
    List<TokenLogprob> tokens = new ArrayList<>();
    for (int k = 1 + random.nextInt(2); k > 0; k--) {
      tokens.add(new TokenLogprob(scored(), List.of(scored(), scored())));
    }
    return tokens;
  }

  private Scored scored() {
    String text = "s" + texts.text();
    List<Integer> bytes = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xFF);
    }
    return new Scored(text, bytes, -random.nextDouble(30));
  }
}
