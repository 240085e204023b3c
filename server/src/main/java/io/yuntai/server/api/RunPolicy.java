package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Exchange;
import java.util.Optional;

/**
 * What happens to an answer whose client leaves.
 *
 * @param goesOn whether it goes on as a run, to be read later
 * @param demanded whether the request itself says so, rather than its tenant
 * @param idempotencyKey what the client calls its request; then it goes on in any case
 */
record RunPolicy(boolean goesOn, boolean demanded, Optional<String> idempotencyKey) {
  static final String HEADER = "X-Yuntai-On-Disconnect";

  /**
   * As the request's headers say, or the tenant of whoever asks.
   *
   * @throws ApiException 400 for a word that means nothing
   */
  static RunPolicy of(Exchange exchange, Principal asker) throws ApiException {
    Optional<String> word = exchange.requestHeader(HEADER);
    Optional<String> key = exchange.idempotencyKey();
    if (word.isEmpty()) {
      return new RunPolicy(key.isPresent() || asker.answersGoOn(), key.isPresent(), key);
    }
    return switch (word.get()) {
      case "stop" -> new RunPolicy(key.isPresent(), true, key);
      case "continue" -> new RunPolicy(true, true, key);
      default ->
          throw new ApiException(
              ApiError.invalidField(
                  "invalid_value",
                  HEADER,
                  "Invalid value for the header '%s'. Supported values are: 'stop' and 'continue'."
                      .formatted(HEADER)));
    };
  }
}
