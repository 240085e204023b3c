package io.yuntai.ledger.usage;

import java.time.Instant;

/**
 * What was used and refused in an hour of a model and a class of service.
 *
 * @param hour its beginning
 * @param serviceClass as in prices
 * @param input tokens of prompts that were computed, those written to a cache among them
 * @param cached tokens of prompts that were read from a cache
 * @param output tokens made, thoughts included
 * @param refused requests that were asked for and refused at a limit of requests, tokens or places;
 *     not those of tenants without money, and only as far back as the log of requests goes
 */
public record UsageHour(
    Instant hour,
    String model,
    String serviceClass,
    long requests,
    long input,
    long cached,
    long output,
    long refused) {}
