package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.http.Resource;
import io.yuntai.server.metrics.ModelMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What operators and their monitors ask: what this is, whether it lives, how it does. */
final class SystemApi implements Api {
  private final ModelHost models;
  private final ModelMetrics metrics;
  private final Callers callers;
  private final Routing routing;
  private final InFlight inFlight;
  private final String landing;

  SystemApi(Services services) {
    this.models = services.models();
    this.routing = services.gateway().routing();
    this.metrics =
        new ModelMetrics(
            services.models(),
            services.gateway().routing(),
            services.inFlight(),
            services.metrics());
    this.callers = services.callers();
    this.inFlight = services.inFlight();
    this.landing = services.landing();
  }

  @Override
  public boolean owns(String path) {
    return at(path).isPresent();
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path) {
      case "/" -> Optional.of(Resource.get(this::root));
      case "/health/live" ->
          Optional.of(Resource.get(exchange -> ascii(exchange, 200, "{\"status\":\"live\"}")));
      case "/health/ready" -> Optional.of(Resource.get(this::ready));
      case "/metrics" ->
          Optional.of(
              Resource.get(exchange -> {
                callers.byBearer(exchange, Scope.METRICS);
                exchange.whole(200, ModelMetrics.CONTENT_TYPE, metrics.text());
              }));
      default -> Optional.empty();
    };
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  /** A person's browser asks for HTML before all else; programs say nothing, or anything. */
  private void root(Exchange exchange) throws IOException {
    exchange.header("Vary", "Accept");
    if (!landing.isEmpty() && exchange.requestHeader("Accept").orElse("").startsWith("text/html")) {
      exchange.header("Location", landing);
      exchange.empty(303);
    } else {
      ascii(exchange, 200, "{\"name\":\"yuntai\",\"api\":\"/v1\"}");
    }
  }

  private void ready(Exchange exchange) throws IOException {
    if (inFlight.refusing()) {
      ascii(exchange, 503, "{\"status\":\"stopping\"}");
    } else if (models.isEmpty() && routing.listed().isEmpty()) {
      ascii(exchange, 503, "{\"status\":\"starting\"}");
    } else {
      ascii(exchange, 200, "{\"status\":\"ready\"}");
    }
  }

  private static void ascii(Exchange exchange, int status, String json) throws IOException {
    exchange.json(status, json.getBytes(StandardCharsets.US_ASCII));
  }
}
