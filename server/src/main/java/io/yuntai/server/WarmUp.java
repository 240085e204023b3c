package io.yuntai.server;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineBusyException;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptTooLongException;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.server.gateway.AnswerGrammars;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in the background what a model's first request would wait for. A JVM that has just started
 * takes half a second for its first step, and as long for the masks of a vocabulary of 150,000
 * tokens: of no account in a prompt that is computed, and most of the time to the first token in
 * one that is read from the disk.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** A few tokens at once, and then one by one: both have code of their own. */
  private static final String PROMPT = "The river runs to the sea, and so do all the others.";

  private static final int PROMPT_TOKENS = 12;
  private static final int ANSWER_TOKENS = 3;
  private static final String NAMESPACE = "warm-up";

  private WarmUp() {}

  /**
   * Begins; both parts end by themselves within a second or with the engine.
   *
   * @param grammars of the model's answers
   */
  static void begin(String name, LoadedModel loaded, Engine engine, AnswerGrammars grammars) {
    Thread.ofPlatform().daemon().name("yuntai-masks").start(grammars::prepare);
    // Of weights that stay on the disk, three tokens may take a minute of it.
    if (loaded.onDisk().isEmpty()) {
      Thread.ofPlatform()
          .daemon()
          .name("yuntai-first-step")
          .start(() -> takeSteps(name, loaded, engine));
    }
  }

  private static void takeSteps(String name, LoadedModel loaded, Engine engine) {
    int[] prompt = loaded.tokenizer().encode(PROMPT, Tokenizer.SpecialTokens.AS_TEXT);
    GenerationRequest request =
        new GenerationRequest(
            NAMESPACE,
            Arrays.copyOf(prompt, Math.min(prompt.length, PROMPT_TOKENS)),
            ANSWER_TOKENS,
            SamplingParameters.GREEDY,
            List.of(),
            -1,
            true,
            Long.MAX_VALUE);
    try (Generation generation = engine.submit(request)) {
      while (generation.next() instanceof GenerationEvent.Token) {
        // Each takes its step.
      }
    } catch (EngineBusyException | PromptTooLongException | IllegalStateException e) {
      LOG.debug("{} does not take a first step: {}", name, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
