package io.yuntai.server.routes;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.gateway.TargetStatistics;
import io.yuntai.server.routes.Target.Destination;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.upstream.Deadlines;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes in use. They change as a whole: a request sees the old ones or the new ones, and what
 * stays the same keeps its connections, breakers and counts. Safe for use by many threads.
 */
public final class LiveRoutes implements Routing, AutoCloseable {
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Deadlines deadlines = new Deadlines();
  private volatile State state = new State(RouteTable.EMPTY, Map.of(), Map.of(), Map.of());

  private record State(
      RouteTable table,
      Map<String, LiveUpstream> upstreams,
      Map<String, TargetState> targets,
      Map<String, LiveRoute> routes) {}

  /**
   * @param random for weights; safe for use by many threads
   * @param clock for lists
   */
  public LiveRoutes(RandomGenerator random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /** From now on requests go where this table says; those under way are not touched. */
  public synchronized void apply(RouteTable table) {
    State old = state;
    Map<String, LiveUpstream> upstreams = new LinkedHashMap<>();
    table
        .upstreams()
        .forEach((name, settings) -> {
          LiveUpstream had = old.upstreams().get(name);
          upstreams.put(
              name,
              had != null && had.settings().equals(settings)
                  ? had
                  : new LiveUpstream(settings, deadlines));
        });
    Map<String, TargetState> targets = new HashMap<>();
    Map<String, LiveRoute> routes = new TreeMap<>();
    table
        .routes()
        .forEach((name, route) -> {
          List<TargetState> states = new ArrayList<>();
          for (Target target : route.targets()) {
            String label = target.destination().label();
            states.add(
                targets.computeIfAbsent(
                    label, _ -> state(target, upstreams, old.targets().get(label))));
          }
          LiveRoute had = old.routes().get(name);
          boolean same = had != null && had.route().equals(route) && had.states().equals(states);
          routes.put(name, same ? had : live(route, states));
        });
    state = new State(table, upstreams, targets, routes);
    old.upstreams().values().stream()
        .filter(upstream -> !upstreams.containsValue(upstream))
        .forEach(LiveUpstream::close);
  }

  private LiveRoute live(Route route, List<TargetState> states) {
    return new LiveRoute(
        route,
        List.copyOf(states),
        new RetryBudget(route.retryShare(), route.retryBurst()),
        clock.instant().getEpochSecond());
  }

  private static TargetState state(
      Target target, Map<String, LiveUpstream> upstreams, @Nullable TargetState had) {
    LiveUpstream upstream =
        switch (target.destination()) {
          case Destination.Local _ -> null;
          case Destination.Remote remote -> upstreams.get(remote.upstream());
        };
    if (had != null && had.upstream() == upstream) {
      return had;
    }
    return new TargetState(
        target.destination().label(),
        upstream,
        upstream == null ? Breaker.Settings.DEFAULTS : upstream.settings().breaker());
  }

  @Override
  public Optional<RunningAnswer> start(ModelRequest request, Principal asker, Here here)
      throws ApiException {
    State now = state;
    LiveRoute route = now.routes().get(request.model());
    Set<String> demanded = demanded(now.table(), asker);
    if (route == null) {
      refuseForbidden(request.model(), demanded, now.table());
      return Optional.empty();
    }
    RequestTimeline.current().followsRoute(request.model());
    Attempts<Attempt> attempts =
        new Attempts<>(
            route,
            Attempts.wantedTokens(request),
            demanded,
            random,
            (target, permit, model) ->
                Attempt.begin(target, permit, request.withModel(model), asker, here));
    return Optional.of(new RoutedAnswer(here.head(request), attempts));
  }

  @Override
  public Optional<EncoderGateway.Pending<EncoderAnswer>> start(
      EncoderRequest request, Principal asker, Encoders here) throws ApiException {
    State now = state;
    LiveRoute route = now.routes().get(request.model());
    Set<String> demanded = demanded(now.table(), asker);
    if (route == null) {
      refuseForbidden(request.model(), demanded, now.table());
      return Optional.empty();
    }
    RequestTimeline.current().followsRoute(request.model());
    return Optional.of(
        new RoutedEncoding(
            new Attempts<>(
                route,
                Attempts.wantedTokens(request),
                demanded,
                random,
                (target, permit, model) ->
                    EncoderAttempt.begin(target, permit, request.withModel(model), asker, here))));
  }

  /**
   * Where a request's data may go: where its key says, and within that where the request says.
   *
   * @return empty for anywhere
   * @throws ApiException when both together leave nowhere
   */
  private static Set<String> demanded(RouteTable table, Principal asker) throws ApiException {
    Set<String> byKey = table.keyResidency().getOrDefault(asker.name(), Set.of());
    Set<String> byRequest = asker.residency();
    if (byKey.isEmpty() || byRequest.isEmpty()) {
      return byKey.isEmpty() ? byRequest : byKey;
    }
    Set<String> both =
        byKey.stream().filter(byRequest::contains).collect(Collectors.toUnmodifiableSet());
    if (both.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "residency_not_available",
              "The request demands that its data stays in %s, but its key allows only %s."
                  .formatted(String.join(" or ", byRequest), String.join(" or ", byKey))));
    }
    return both;
  }

  private static void refuseForbidden(String model, Set<String> demanded, RouteTable table)
      throws ApiException {
    if (!demanded.isEmpty() && demanded.stream().noneMatch(table.localResidency()::contains)) {
      throw new ApiException(
          ApiError.invalidRequest(
              403,
              "residency_not_available",
              "The model `%s` can't be used: this server is not known to keep data in %s, as this request or its key demands."
                  .formatted(model, String.join(" or ", demanded))));
    }
  }

  @Override
  public List<Listed> listed() {
    return state.routes().values().stream()
        .map(route -> new Listed(route.route().name(), route.createdEpochSeconds()))
        .toList();
  }

  @Override
  public List<TargetStatistics> statistics() {
    return state.targets().values().stream().map(TargetState::statistics).toList();
  }

  @Override
  public synchronized void close() {
    apply(RouteTable.EMPTY);
    deadlines.close();
  }
}
