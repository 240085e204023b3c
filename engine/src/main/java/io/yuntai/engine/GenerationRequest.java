package io.yuntai.engine;

import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.sampling.SamplingParameters;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One generation to run.
 *
 * @param namespace whose request this is, such as a tenant's id; opaque, at most 256 characters.
 *     Generations share stored prompts only within a namespace, so that nobody learns from the time
 *     to the first token what others asked, and namespaces take turns where work queues up
 * @param prompt token ids, at least one
 * @param maxTokens most tokens to generate, at least 1; the engine lowers it to what the context
 *     still holds
 * @param sampling how tokens are chosen
 * @param stop texts that end the generation; not part of the answer
 * @param topLogprobs how many alternatives to report per token, 0 to 20; -1 for no
 *     log-probabilities at all
 * @param ignoreEndOfGeneration whether to go on past the model's own end tokens (for benchmarks and
 *     tools)
 * @param deadlineNanos point of {@link System#nanoTime()} after which the generation ends with
 *     {@link FinishReason#DEADLINE}; {@link Long#MAX_VALUE} for none
 * @param grammar what the answer is held to, at its begin, or null. Only tokens that it allows are
 *     chosen, the model's end tokens only where it may end; where nothing else may follow, the
 *     generation ends with {@link FinishReason#STOP} by itself
 * @param shownTokens control tokens whose spelling is part of the answer's text; others give none
 * @param adapter the name of the adapter that answers, as {@link Adapters} knows it; empty for the
 *     model as it is
 * @param witness is told what was computed
 */
public record GenerationRequest(
    String namespace,
    int[] prompt,
    int maxTokens,
    SamplingParameters sampling,
    List<String> stop,
    int topLogprobs,
    boolean ignoreEndOfGeneration,
    long deadlineNanos,
    @Nullable TokenState grammar,
    Set<Integer> shownTokens,
    String adapter,
    WorkWitness witness) {
  private static final int MAX_NAMESPACE_LENGTH = 256;

  /** A request of somebody who has the engine to himself: all such share one namespace. */
  public GenerationRequest(
      int[] prompt,
      int maxTokens,
      SamplingParameters sampling,
      List<String> stop,
      int topLogprobs,
      boolean ignoreEndOfGeneration,
      long deadlineNanos) {
    this("", prompt, maxTokens, sampling, stop, topLogprobs, ignoreEndOfGeneration, deadlineNanos);
  }

  /** A request for an answer in any form, which shows no control tokens. */
  public GenerationRequest(
      String namespace,
      int[] prompt,
      int maxTokens,
      SamplingParameters sampling,
      List<String> stop,
      int topLogprobs,
      boolean ignoreEndOfGeneration,
      long deadlineNanos) {
    this(
        namespace,
        prompt,
        maxTokens,
        sampling,
        stop,
        topLogprobs,
        ignoreEndOfGeneration,
        deadlineNanos,
        null,
        Set.of(),
        "",
        WorkWitness.NONE);
  }

  /** Copies what could change and checks ranges. */
  public GenerationRequest {
    prompt = prompt.clone();
    stop = List.copyOf(stop);
    shownTokens = Set.copyOf(shownTokens);
    if (namespace.length() > MAX_NAMESPACE_LENGTH) {
      throw new IllegalArgumentException(
          "a namespace has at most %d characters, not %d"
              .formatted(MAX_NAMESPACE_LENGTH, namespace.length()));
    }
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one token");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max_tokens must be at least 1");
    }
    if (topLogprobs < -1 || topLogprobs > 20) {
      throw new IllegalArgumentException("top_logprobs must be between 0 and 20");
    }
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a stop text must not be empty");
    }
  }

  /** The same, held to a grammar from its begin. */
  public GenerationRequest under(TokenState start) {
    return new GenerationRequest(
        namespace,
        prompt,
        maxTokens,
        sampling,
        stop,
        topLogprobs,
        ignoreEndOfGeneration,
        deadlineNanos,
        start,
        shownTokens,
        adapter,
        witness);
  }

  /** The same, with these control tokens spelled out in the answer's text. */
  public GenerationRequest showing(Set<Integer> tokens) {
    return new GenerationRequest(
        namespace,
        prompt,
        maxTokens,
        sampling,
        stop,
        topLogprobs,
        ignoreEndOfGeneration,
        deadlineNanos,
        grammar,
        tokens,
        adapter,
        witness);
  }

  /** The same, answered by an adapter. */
  public GenerationRequest by(String adapterName) {
    return new GenerationRequest(
        namespace,
        prompt,
        maxTokens,
        sampling,
        stop,
        topLogprobs,
        ignoreEndOfGeneration,
        deadlineNanos,
        grammar,
        shownTokens,
        adapterName,
        witness);
  }

  /** The same, with somebody who is told what was computed. */
  public GenerationRequest witnessedBy(WorkWitness told) {
    return new GenerationRequest(
        namespace,
        prompt,
        maxTokens,
        sampling,
        stop,
        topLogprobs,
        ignoreEndOfGeneration,
        deadlineNanos,
        grammar,
        shownTokens,
        adapter,
        told);
  }
}
