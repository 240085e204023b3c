package io.yuntai.engine.serving;

import io.yuntai.engine.FinishReason;
import io.yuntai.engine.Generation;
import io.yuntai.engine.GenerationEvent;
import io.yuntai.engine.GenerationEvent.TokenLogprobs;
import io.yuntai.engine.GenerationEvent.Usage;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.PastTokens;
import io.yuntai.engine.sampling.Repetition;
import io.yuntai.engine.sampling.Sampler;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.sampling.TokenCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * All that a generation gives, as read from an engine or as worked out without one; but for the
 * cached tokens, which depend on what the engine did before and are 0 here.
 */
record Answer(
    List<Integer> tokens,
    List<Optional<TokenLogprobs>> logprobs,
    String text,
    Optional<FinishReason> reason,
    Optional<Usage> usage,
    String failure) {

  /** Reads a generation to its end. */
  static Answer read(Generation generation) throws InterruptedException {
    Collector collector = new Collector();
    while (!collector.take(generation.next())) {}
    return collector.answer();
  }

  /** What a model with {@link HashDecoder}'s logits answers, one request, no batch, no blocks. */
  static Answer expected(GenerationRequest request, int contextTokens) {
    LetterTokenizer tokenizer = new LetterTokenizer();
    Sampler sampler = new Sampler(LetterTokenizer.SIZE);
    TokenCounts counts = new TokenCounts();
    long hash = 0;
    for (int token : request.prompt()) {
      hash = HashDecoder.extend(hash, token);
    }
    int prompt = request.prompt().length;
    int maxTokens = Math.min(request.maxTokens(), contextTokens - prompt);
    List<Integer> tokens = new ArrayList<>();
    List<Optional<TokenLogprobs>> logprobs = new ArrayList<>();
    FinishReason reason = FinishReason.LENGTH;
    int sampled = 0;
    String text = "";
    float[] logits = new float[LetterTokenizer.SIZE];
    while (sampled < maxTokens) {
      for (int token = 0; token < logits.length; token++) {
        logits[token] = HashDecoder.logit(hash, token);
      }
      int token =
          sampler.sample(
              logits, counts, past(request.prompt(), tokens), request.sampling(), prompt + sampled);
      sampled++;
      counts.add(token);
      hash = HashDecoder.extend(hash, token);
      if (token == LetterTokenizer.END && !request.ignoreEndOfGeneration()) {
        reason = FinishReason.STOP;
        break;
      }
      tokens.add(token);
      logprobs.add(
          request.topLogprobs() < 0
              ? Optional.empty()
              : Optional.of(sampler.logprobs(logits, token, request.topLogprobs())));
      text = tokenizer.decode(tokens.stream().mapToInt(id -> id).toArray(), false);
      // A character that is cut at the end may still become another one.
      String whole = text.replaceAll("\uFFFD+$", "");
      int stop = firstStop(whole, request.stop());
      if (stop >= 0) {
        text = whole.substring(0, stop);
        reason = FinishReason.STOP;
        break;
      }
    }
    return new Answer(
        tokens,
        logprobs,
        text,
        Optional.of(reason),
        Optional.of(new Usage(prompt, 0, sampled)),
        "");
  }

  private static int firstStop(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String seen = text.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return end - longest;
      }
    }
    return -1;
  }

  /** Whether this is what another answer starts with, as after a cancellation. */
  boolean isBeginningOf(Answer whole) {
    return tokens.size() <= whole.tokens.size()
        && whole.tokens.subList(0, tokens.size()).equals(tokens)
        && whole.logprobs.subList(0, tokens.size()).equals(logprobs);
  }

  /** A request of any kind that fits the context. */
  static GenerationRequest randomRequest(Random random, int contextTokens) {
    int longest = Math.max(1, (contextTokens - 1) / (1 + random.nextInt(4)));
    int[] prompt = random.ints(1 + random.nextInt(longest), 2, LetterTokenizer.SIZE).toArray();
    if (random.nextBoolean()) {
      // Many begin alike.
      Arrays.fill(prompt, 0, random.nextInt(prompt.length), 2);
    }
    List<String> stops = List.of("ab", "zz", "\u6C34", "aba", "c");
    return new GenerationRequest(
        "tenant " + random.nextInt(3),
        prompt,
        1 + random.nextInt(contextTokens),
        new SamplingParameters(
            random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1, 2),
            random.nextBoolean() ? 1 : random.nextDouble(0.2, 1),
            random.nextBoolean() ? 0 : 1 + random.nextInt(10),
            0,
            random.nextBoolean() ? 0 : random.nextDouble(-1, 1),
            random.nextBoolean() ? 0 : random.nextDouble(-1, 1),
            random.nextBoolean()
                ? Repetition.NONE
                : new Repetition(random.nextDouble(0.5, 2), random.nextInt(9)),
            random.nextBoolean() ? Map.of() : Map.of(random.nextInt(LetterTokenizer.SIZE), 3.0),
            random.nextLong(),
            random.nextInt(3)),
        random.nextBoolean() ? List.of() : stops.subList(0, random.nextInt(stops.size() + 1)),
        random.nextInt(4) - 1,
        random.nextBoolean(),
        Long.MAX_VALUE);
  }

  private static PastTokens past(int[] prompt, List<Integer> answer) {
    return new PastTokens() {
      @Override
      public int length() {
        return prompt.length + answer.size();
      }

      @Override
      public int token(int position) {
        return position < prompt.length ? prompt[position] : answer.get(position - prompt.length);
      }
    };
  }

  /** A request that never ends by itself before {@code maxTokens}. */
  static GenerationRequest endless(int maxTokens, int... prompt) {
    return new GenerationRequest(
        Arrays.copyOf(prompt, prompt.length),
        maxTokens,
        SamplingParameters.GREEDY,
        List.of(),
        -1,
        true,
        Long.MAX_VALUE);
  }

  /** Puts an answer together, event by event. */
  static final class Collector {
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Optional<TokenLogprobs>> logprobs = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Optional<FinishReason> reason = Optional.empty();
    private Optional<Usage> usage = Optional.empty();
    private String failure = "";
    private int cachedPromptTokens;

    /** Takes an event; true if it was the last. */
    boolean take(GenerationEvent event) {
      return switch (event) {
        case GenerationEvent.Token token -> {
          tokens.add(token.id());
          logprobs.add(token.logprobs());
          text.append(token.text());
          yield false;
        }
        case GenerationEvent.Finished finished -> {
          reason = Optional.of(finished.reason());
          text.append(finished.text());
          usage =
              Optional.of(
                  new Usage(
                      finished.usage().promptTokens(), 0, finished.usage().completionTokens()));
          cachedPromptTokens = finished.usage().cachedPromptTokens();
          yield true;
        }
        case GenerationEvent.Failed failed -> {
          failure = failed.message();
          yield true;
        }
      };
    }

    /** How much of the prompt was found stored. */
    int cachedPromptTokens() {
      return cachedPromptTokens;
    }

    Answer answer() {
      return new Answer(tokens, logprobs, text.toString(), reason, usage, failure);
    }
  }
}
