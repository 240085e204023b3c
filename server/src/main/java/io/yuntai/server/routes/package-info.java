/**
 * Where a request goes whose model's name is a route's: to models of ours or to upstreams, by
 * priority, weight and health, and on to the next one while nobody has been told anything yet.
 *
 * <p>What is decided is pure: {@link io.yuntai.server.routes.TargetChoice}, {@link
 * io.yuntai.server.routes.Breaker} and {@link io.yuntai.server.routes.RetryBudget} get time and
 * chance as arguments. {@link io.yuntai.server.routes.RoutesFile} reads what is wanted from TOML,
 * {@link io.yuntai.server.routes.LiveRoutes} keeps it alive.
 *
 * <p>Invariants: a target outside of a demanded residency is never asked; a breaker that probes
 * lets no more than its probes through; retries never exceed their share of requests. Knows no HTTP
 * and no dialect's shape.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.server.routes;
