package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.ServiceClass;
import java.time.Instant;
import java.util.List;

/**
 * Whose request an engine worked for and what it is paid from: enough to charge what a client
 * received by a receipt alone, should the gateway that counted it be lost.
 *
 * @param nodeId the gateway's {@link Node#id}
 * @param at when the request was authorised
 * @param model the model's name, at most 200 characters
 * @param rateCardId its prices, 0 for none
 * @param promptTokens of its prompts as they are charged, each counted once
 * @param counters that it draws from, at most 12
 */
public record Claim(
    int nodeId,
    long projectId,
    long userId,
    long keyId,
    Instant at,
    String model,
    long rateCardId,
    ServiceClass serviceClass,
    int promptTokens,
    List<Long> counters) {
  /** Copies the counters. */
  public Claim {
    counters = List.copyOf(counters);
  }
}
