/**
 * What a gateway adds: an upstream that only pretends and a load generator, in one thread on one
 * core, with the gateway and its database on another.
 *
 * <p>The load is open: requests are due at evenly spaced moments, whether or not earlier ones have
 * been answered, and a latency counts from the moment a request was due (G. Tene's "coordinated
 * omission" is what this avoids). Added latency is a quantile through the gateway less the same
 * quantile without it, from runs that alternate.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.bench.gateway;
