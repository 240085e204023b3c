package io.yuntai.server.routes;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.Prompt;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
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

/** The targets that one request may still be sent to. For one thread. */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final LiveRoute route;
  private final ModelRequest request;
  private final Principal asker;
  private final Set<String> demanded;
  private final Routing.Here here;
  private final RandomGenerator random;
  private final BitSet tried = new BitSet();
  private int made;
  private @Nullable ApiError last;

  /**
   * @param demanded where the request's data may go; empty for anywhere
   */
  Attempts(
      LiveRoute route,
      ModelRequest request,
      Principal asker,
      Set<String> demanded,
      Routing.Here here,
      RandomGenerator random) {
    this.route = route;
    this.request = request;
    this.asker = asker;
    this.demanded = demanded;
    this.here = here;
    this.random = random;
    route.budget().request();
  }

  /**
   * The next target's attempt.
   *
   * @throws ApiException what the last one said when there is no further one, or why there is none
   */
  Attempt next() throws ApiException {
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
        return Attempt.begin(target, permit, request.withModel(model), asker, here);
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
    return target.contextTokens().isEmpty() || wanted() <= target.contextTokens().getAsInt();
  }

  /** Tokens that the request takes at least, as far as that is known without a vocabulary. */
  private long wanted() {
    long prompt = 0;
    if (request instanceof CompletionRequest completion) {
      for (Prompt one : completion.prompts()) {
        prompt = Math.max(prompt, one instanceof Prompt.Tokens tokens ? tokens.ids().size() : 0);
      }
    }
    return prompt + request.settings().maxTokens().orElse(1);
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
              .formatted(name, most, wanted()),
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
