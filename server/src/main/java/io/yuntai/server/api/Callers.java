package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Stage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells who asks. Safe for use by many threads. */
public final class Callers {
  private static final String ADVICE =
      "Send it in an Authorization header: Authorization: Bearer YOUR_KEY.";

  private final Access access;

  /** As this says. */
  public Callers(Access access) {
    this.access = access;
  }

  /**
   * Who presents the bearer token.
   *
   * @param scope what the request is for
   * @throws ApiException 401, or 403 where the key is not for this
   */
  Principal byBearer(Exchange exchange, Scope scope) throws ApiException {
    return demanding(byKey(exchange.bearerToken(), ADVICE, exchange, scope), exchange);
  }

  /**
   * The same for what every key is for, such as a list of models.
   *
   * @throws ApiException 401, or 403 where the key is not for this place
   */
  public Principal byBearer(Exchange exchange) throws ApiException {
    return demanding(byKey(exchange.bearerToken(), ADVICE, exchange, null), exchange);
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
   * @param scope what the request is for; null for what every key is for
   * @throws ApiException 401, or 403 where the key is not for this
   */
  Principal byKey(String key, String advice, Exchange exchange, @Nullable Scope scope)
      throws ApiException {
    RequestTimeline timeline = RequestTimeline.current();
    if (scope == Scope.GENERATE || scope == Scope.EMBED) {
      timeline.asksForWork();
    }
    timeline.begin(Stage.AUTH);
    Optional<Principal> principal = access.authenticate(key);
    timeline.end(Stage.AUTH);
    principal.flatMap(Principal::key).ifPresent(timeline::askedBy);
    if (principal.isEmpty()) {
      String message =
          key.isEmpty()
              ? "You didn't provide an API key. " + advice
              : "Incorrect API key provided. It is wrong, revoked or expired.";
      throw new ApiException(ApiError.invalidRequest(401, "invalid_api_key", message));
    }
    if (principal.get().key().isPresent()) {
      check(principal.get().key().get(), exchange, scope);
    }
    return principal.get();
  }

  private static void check(ApiKey key, Exchange exchange, @Nullable Scope scope)
      throws ApiException {
    if (key.owner().suspended()) {
      throw refused(
          "tenant_suspended",
          "The tenant %s of this key is suspended: ask whoever runs this server."
              .formatted(key.owner().organisation()));
    }
    if (!key.limits().allowsFrom(exchange.clientAddress())) {
      throw refused(
          "ip_not_allowed",
          "This key may not be used from %s.".formatted(exchange.clientAddress().getHostAddress()));
    }
    if (scope != null && !key.limits().scopes().contains(scope)) {
      throw refused(
          "scope_not_allowed",
          "This key is for %s, not for %s."
              .formatted(
                  key.limits().scopes().stream()
                      .map(Scope::label)
                      .collect(Collectors.joining(", ")),
                  scope.label()));
    }
  }

  private static ApiException refused(String code, String message) {
    return new ApiException(ApiError.invalidRequest(403, code, message));
  }
}
