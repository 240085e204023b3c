package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The numeric contract on a real model: an answer depends on its request and on nothing else. */
class RealModelServingIT {
  private static final int ANSWER_TOKENS = 24;
  private static final LoadOptions LOAD = new LoadOptions(512, 8 * 512, KvCache.Format.F16, 0);

  /** Small enough that prompts are cut into chunks which share steps with running answers. */
  private static final EngineOptions CROWDED = new EngineOptions(8, 8, 13);

  private static final SamplingParameters SEED_1 =
      new SamplingParameters(1, 0.95, 0, 0, 0, 0, Map.of(), 1, 0);

  /** An answer's tokens with the exact bits of their log-probabilities, and its text. */
  private record Answer(List<GenerationEvent.Token> tokens, String text) {}

  @Test
  void anAnswerHasTheSameBitsAloneAndAmongSevenOthers() throws Exception {
    List<Answer> alone = new ArrayList<>();
    try (Engine engine = start(EngineOptions.DEFAULTS)) {
      for (SamplingParameters sampling : List.of(SamplingParameters.GREEDY, SEED_1)) {
        alone.add(read(engine.submit(request(prompt(0), sampling))));
      }
      assertThat(read(engine.submit(request(prompt(0), SEED_1)))).isEqualTo(alone.get(1));
    }
    try (Engine engine = start(CROWDED)) {
      List<Generation> running = new ArrayList<>();
      for (int other = 1; other <= 3; other++) {
        running.add(engine.submit(request(prompt(other), SEED_1)));
      }
      running.add(engine.submit(request(prompt(0), SamplingParameters.GREEDY)));
      running.add(engine.submit(request(prompt(0), SEED_1)));
      for (int other = 4; other <= 6; other++) {
        running.add(engine.submit(request(prompt(other), SEED_1)));
      }
      List<Answer> together = new ArrayList<>();
      for (Generation each : running) {
        together.add(read(each));
      }
      assertThat(together.subList(3, 5)).isEqualTo(alone);
    }
  }

  private final LoadedModel model = open();
  private final PromptEncoder prompts = new PromptEncoder(model.tokenizer(), model.chatTemplate());
  private boolean started;

  private static LoadedModel open() {
    try {
      return LoadedModel.open(RealModels.file(RealModels.QWEN), LOAD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An engine closes its decoder, so the second needs one of its own. */
  private Engine start(EngineOptions options) {
    LoadedModel loaded = started ? open() : model;
    started = true;
    return Engine.start(loaded.decoder(), loaded.tokenizer(), options);
  }

  private int[] prompt(int which) {
    String question = "Explain step %d of making tea to a child. ".formatted(which);
    return prompts.encodeChat(
        new ChatPrompt(
            List.of(Map.of("role", "user", "content", question.repeat(1 + which % 3))),
            List.of(),
            true,
            Map.of()));
  }

  private static GenerationRequest request(int[] prompt, SamplingParameters sampling) {
    return new GenerationRequest(
        prompt, ANSWER_TOKENS, sampling, List.of(), 5, true, Long.MAX_VALUE);
  }

  private static Answer read(Generation generation) throws InterruptedException {
    List<GenerationEvent.Token> tokens = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Token token -> {
          tokens.add(token);
          text.append(token.text());
        }
        case GenerationEvent.Finished end -> {
          assertThat(end.usage().completionTokens()).isEqualTo(ANSWER_TOKENS);
          return new Answer(tokens, text.append(end.text()).toString());
        }
        case GenerationEvent.Failed failed -> throw new AssertionError(failed.message());
      }
    }
  }
}
