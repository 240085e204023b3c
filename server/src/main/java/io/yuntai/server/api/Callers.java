package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Exchange;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells who asks. Safe for use by many threads. */
final class Callers {
  private final Access access;

  Callers(Access access) {
    this.access = access;
  }

  /**
   * Who presents the bearer token.
   *
   * @throws ApiException 401
   */
  Principal byBearer(Exchange exchange) throws ApiException {
    return demanding(
        byKey(
            exchange.bearerToken(),
            "Send it in an Authorization header: Authorization: Bearer YOUR_KEY."),
        exchange);
  }

  /**
   * With what the request itself demands of the places that its data goes to: a header that all
   * APIs share, {@code x-yuntai-residency: eu, ch}.
   */
  static Principal demanding(Principal caller, Exchange exchange) {
    Optional<String> header = exchange.requestHeader("x-yuntai-residency");
    return header.isEmpty() || header.get().isBlank()
        ? caller
        : caller.demanding(
            Arrays.stream(header.get().toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(place -> !place.isEmpty())
                .collect(Collectors.toSet()));
  }

  /**
   * Who presents a key.
   *
   * @param key empty where the request carries none
   * @param advice how to send one: a sentence
   * @throws ApiException 401
   */
  Principal byKey(String key, String advice) throws ApiException {
    Optional<Principal> principal = access.authenticate(key);
    if (principal.isEmpty()) {
      String message =
          key.isEmpty()
              ? "You didn't provide an API key. " + advice
              : "Incorrect API key provided. It is wrong, revoked or expired.";
      throw new ApiException(ApiError.invalidRequest(401, "invalid_api_key", message));
    }
    return principal.get();
  }
}
