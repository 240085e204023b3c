package io.yuntai.server.gateway;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.Usage;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.server.telemetry.RequestTimeline;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of an engine of ours: the events of all its generations, in one order, with exact
 * usage.
 *
 * <p>For one reading thread; {@link #cancel} and {@link #tellStopping} may come from any.
 */
final class EngineAnswer implements RunningAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(RunningAnswer.class);

  private final AnswerHead head;
  private final long promptTokens;
  private final LogprobText logprobText;
  private final List<ChoiceOutput> outputs;
  private final MergedGenerations generations;
  private final int choices;
  private final int choicesPerPrompt;
  private final int[] cachedTokens;
  private final Queue<AnswerEvent> ready = new ArrayDeque<>();
  private final BitSet started = new BitSet();
  private int finished;

  /** Generations that tell nothing more, however they ended. */
  private int ended;

  private long generatedTokens;
  private long completionTokens;
  private volatile boolean stopping;
  private boolean waitTold;

  /**
   * @param head what all events have in common
   * @param promptTokens tokens of all prompts, each prompt counted once
   * @param choicesPerPrompt how many generations in a row answer one prompt
   * @param tokenizer the model's vocabulary
   * @param outputs what the text of each choice means
   * @param generations for each prompt its choices
   */
  EngineAnswer(
      AnswerHead head,
      long promptTokens,
      int choicesPerPrompt,
      Tokenizer tokenizer,
      List<ChoiceOutput> outputs,
      List<Generation> generations) {
    this.head = head;
    this.promptTokens = promptTokens;
    this.logprobText = new LogprobText(tokenizer);
    this.outputs = List.copyOf(outputs);
    this.generations = new MergedGenerations(generations);
    this.choices = generations.size();
    this.choicesPerPrompt = choicesPerPrompt;
    this.cachedTokens = new int[choices];
  }

  @Override
  public AnswerHead head() {
    return head;
  }

  @Override
  public AnswerEvent next() throws InterruptedException {
    while (ready.isEmpty()) {
      MergedGenerations.Event event = generations.next();
      take(event.choice(), event.event());
    }
    return ready.remove();
  }

  @Override
  public boolean hasReady() {
    return !ready.isEmpty();
  }

  @Override
  public Optional<PromptProgress> progress() {
    long done = generations.promptTokensReady(choicesPerPrompt);
    return Optional.of(new PromptProgress(Math.min(done, promptTokens), promptTokens));
  }

  @Override
  public void cancel() {
    generations.cancel();
  }

  /** Its last event says that the server is stopping. */
  @Override
  public void tellStopping() {
    stopping = true;
    generations.cancel();
  }

  @Override
  public long cancelledCachedTokens() {
    generations.cancel();
    try {
      while (ended < choices) {
        MergedGenerations.Event event = generations.next();
        switch (event.event()) {
          case GenerationEvent.Token _ -> {}
          case GenerationEvent.Finished end -> note(event.choice(), end);
          case GenerationEvent.Failed _ -> ended++;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return cachedPromptTokens();
  }

  private void note(int choice, GenerationEvent.Finished end) {
    cachedTokens[choice] = end.usage().cachedPromptTokens();
    ended++;
  }

  @Override
  public void close() {
    generations.close();
  }

  private void tellWait() {
    long waited = generations.waitedNanos();
    if (!waitTold && waited >= 0) {
      waitTold = true;
      RequestTimeline.current().queued(waited);
    }
  }

  private void take(int choice, GenerationEvent event) {
    tellWait();
    if (started.isEmpty()) {
      ready.add(counted());
    }
    if (!started.get(choice)) {
      started.set(choice);
      ready.add(new AnswerEvent.Started(choice));
    }
    switch (event) {
      case GenerationEvent.Token token -> {
        generatedTokens++;
        ready.add(counted());
        ready.addAll(outputs.get(choice).token(token.text(), logprobText.of(token)));
      }
      case GenerationEvent.Finished end -> finish(choice, end);
      case GenerationEvent.Failed failed -> {
        ended++;
        // What the engine says is for its operator.
        LOG.error("{}: {}", head.id(), failed.message());
        fail(ApiError.internal("The model `%s` failed to answer.".formatted(head.model())));
      }
    }
  }

  private void finish(int choice, GenerationEvent.Finished end) {
    completionTokens += end.usage().completionTokens();
    note(choice, end);
    switch (end.reason()) {
      case STOP -> finish(choice, end, FinishReason.STOP);
      case LENGTH -> finish(choice, end, FinishReason.LENGTH);
      case SHUTDOWN -> fail(stoppingError());
      case CANCELLED ->
          fail(stopping ? stoppingError() : ApiError.internal("The request was cancelled."));
      case DEADLINE ->
          fail(ApiError.unavailable("deadline_exceeded", "The answer took too long.", 1));
    }
  }

  private void finish(int choice, GenerationEvent.Finished end, FinishReason reason) {
    ready.addAll(outputs.get(choice).finish(end.text(), reason, end.stopText()));
    finished++;
    if (finished == choices) {
      ready.add(
          new AnswerEvent.Finished(
              new Usage(promptTokens, cachedPromptTokens(), completionTokens, reasoningTokens())));
    }
  }

  private AnswerEvent counted() {
    return new AnswerEvent.Counted(new Usage(promptTokens, 0, generatedTokens, reasoningTokens()));
  }

  private long reasoningTokens() {
    return outputs.stream().mapToLong(ChoiceOutput::reasoningTokens).sum();
  }

  /**
   * Each prompt counted once, as in the tokens of the prompts: its choices share what the first of
   * them computes, so only what none of them computed was there before.
   */
  private long cachedPromptTokens() {
    long cached = 0;
    for (int first = 0; first < choices; first += choicesPerPrompt) {
      cached += Arrays.stream(cachedTokens, first, first + choicesPerPrompt).min().orElseThrow();
    }
    return cached;
  }

  /** One choice that fails ends them all: there is no way to say it of one. */
  private void fail(ApiError error) {
    ready.add(new AnswerEvent.Failed(error));
    generations.cancel();
  }

  private static ApiError stoppingError() {
    return ApiError.unavailable(
        "server_stopping", "The server is stopping; the answer ends here. Ask again later.", 5);
  }
}
