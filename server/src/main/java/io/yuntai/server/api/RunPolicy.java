package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Exchange;
import java.util.Optional;

/**
 * What happens to an answer whose client leaves.
 *
 * @param goesOn whether it goes on as a run, to be read later
 * @param idempotencyKey what the client calls its request; then it goes on in any case
 */
record RunPolicy(boolean goesOn, Optional<String> idempotencyKey) {
  static final String HEADER = "X-Yuntai-On-Disconnect";

  /**
   * As the request's headers say.
   *
   * @throws ApiException 400 for a word that means nothing
   */
  static RunPolicy of(Exchange exchange) throws ApiException {
    String word = exchange.requestHeader(HEADER).orElse("stop");
    Optional<String> key = exchange.idempotencyKey();
    return switch (word) {
      case "stop" -> new RunPolicy(key.isPresent(), key);
      case "continue" -> new RunPolicy(true, key);
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
