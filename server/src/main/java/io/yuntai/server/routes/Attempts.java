package io.yuntai.server.routes;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Truncation;
import io.yuntai.server.upstream.UpstreamException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The targets that one request may still be sent to. For one thread.
 *
 * @param <A> an attempt at one of them
 */
final class Attempts<A> {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final LiveRoute route;
  private final long wantedTokens;
  private final Set<String> demanded;
  private final RandomGenerator random;
  private final Starter<A> starter;
  private final BitSet tried = new BitSet();
  private int made;
  private @Nullable ApiError last;

  /** Begins an attempt at a target. */
  interface Starter<A> {
    /**
     * @param permit of the target's breaker; taken back when this fails
     * @param model the target's own name for the model
     * @throws UpstreamException when a model of ours does not take the request
     * @throws ApiException when the upstream's API has no word for it
     */
    A begin(TargetState target, long permit, String model) throws UpstreamException, ApiException;
  }

  /**
   * @param wantedTokens as {@link #wantedTokens}
   * @param demanded where the request's data may go; empty for anywhere
   */
  Attempts(
      LiveRoute route,
      long wantedTokens,
      Set<String> demanded,
      RandomGenerator random,
      Starter<A> starter) {
    this.route = route;
    this.wantedTokens = wantedTokens;
    this.demanded = demanded;
    this.random = random;
    this.starter = starter;
    route.budget().request();
  }

  /**
   * The next target's attempt.
   *
   * @throws ApiException what the last one said when there is no further one, or why there is none
   */
  A next() throws ApiException {
    while (made < route.route().attempts()) {
      long now = System.nanoTime();
      int chosen = TargetChoice.choose(route.route().targets(), i -> usable(i, now), random);
      if (chosen < 0 || (made > 0 && !route.budget().tryRetry())) {
        break;
      }
      tried.set(chosen);
      TargetState target = route.states().get(chosen);
      long permit = target.tryAcquire(now);
      if (permit == Breaker.REFUSED) {
        continue; // somebody else took the probe's place
      }
      try {
        String model = route.route().targets().get(chosen).destination().model();
        return starter.begin(target, permit, model);
      } catch (UpstreamException e) {
        failed(target.label(), e);
        if (e.kind() == UpstreamException.Kind.REQUEST_REFUSED) {
          break;
        }
      } catch (ApiException e) {
        last = e.error(); // not asked at all: another target's API may have the word
      }
    }
    throw new ApiException(last == null ? none() : last);
  }

  /** An attempt failed before it told anything. */
  void failed(String label, UpstreamException e) {
    made++;
    last = e.error();
    LOG.warn(
        "route {}: {} failed: {}", route.route().name(), label, e.error().code().orElse("error"));
  }

  private boolean usable(int index, long nowNanos) {
    Target target = route.route().targets().get(index);
    return !tried.get(index)
        && target.satisfies(demanded)
        && fits(target)
        && route.states().get(index).available(nowNanos);
  }

  private boolean fits(Target target) {
    return target.contextTokens().isEmpty() || wantedTokens <= target.contextTokens().getAsInt();
  }

  /** Tokens that the request takes at least, as far as that is known without a vocabulary. */
  static long wantedTokens(ModelRequest request) {
    long prompt =
        request instanceof CompletionRequest completion ? longest(completion.prompts()) : 0;
    return prompt + request.settings().maxTokens().orElse(1);
  }

  /** As the other one. */
  static long wantedTokens(EncoderRequest request) {
    return switch (request) {
      case EmbeddingRequest texts when texts.truncation() instanceof Truncation.Refuse ->
          Math.max(1, longest(texts.inputs()));
      case EmbeddingRequest _, RerankRequest _ -> 1;
    };
  }

  private static long longest(List<Prompt> prompts) {
    long longest = 0;
    for (Prompt one : prompts) {
      longest = Math.max(longest, one instanceof Prompt.Tokens tokens ? tokens.ids().size() : 0);
    }
    return longest;
  }

  /** Why there is no target to begin with. */
  private ApiError none() {
    String name = route.route().name();
    List<Target> allowed =
        route.route().targets().stream().filter(t -> t.satisfies(demanded)).toList();
    if (allowed.isEmpty()) {
      return ApiError.invalidRequest(
          403,
          "residency_not_available",
          "The model `%s` can't be used: no target of it keeps data in %s, as this request or its key demands."
              .formatted(name, String.join(" or ", demanded)));
    }
    if (allowed.stream().noneMatch(this::fits)) {
      int most = allowed.stream().mapToInt(t -> t.contextTokens().orElse(0)).max().orElse(0);
      return new ApiError(
          400,
          "invalid_request_error",
          Optional.of("context_length_exceeded"),
          "The model `%s` has a context of %d tokens, but the request asks for %d (prompt tokens where they are known, and the most that the answer may have)."
              .formatted(name, most, wantedTokens),
          Optional.of("max_tokens"),
          OptionalInt.empty());
    }
    return ApiError.unavailable(
        "route_unavailable",
        "No target of the model `%s` can be asked now: all failed or are at their limits; try again shortly."
            .formatted(name),
        2);
  }
}
