package io.yuntai.ledger.requests;

import java.time.Instant;

/**
 * How many requests came in a piece of time.
 *
 * @param from when it begins; it ends where the next one begins
 * @param requests all of them
 * @param failed how many of them went wrong
 * @param slowestMicros the longest of them
 */
public record RequestBar(Instant from, long requests, long failed, long slowestMicros) {}
