package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.anthropic.AnthropicAnswers;
import io.yuntai.dialect.anthropic.AnthropicErrors;
import io.yuntai.dialect.anthropic.AnthropicModels;
import io.yuntai.dialect.anthropic.AnthropicRequests;
import io.yuntai.dialect.anthropic.AnthropicStream;
import io.yuntai.dialect.anthropic.AnthropicVersion;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RateLimit;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.http.PercentEncoding;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's API: at its own paths, and under prefixes of its own for clients whose base URL is
 * one ({@code /apps/anthropic} is what Model Studio calls it).
 */
final class AnthropicApi implements Api {
  private static final List<String> PREFIXES = List.of("/anthropic", "/apps/anthropic");
  private static final String MESSAGES = "/v1/messages";
  private static final String MODELS = "/v1/models/";
  private static final String ADVICE =
      "Send it in a header: x-api-key: YOUR_KEY, or Authorization: Bearer YOUR_KEY.";

  private final Services services;

  AnthropicApi(Services services) {
    this.services = services;
  }

  @Override
  public boolean owns(String path) {
    return path.equals(MESSAGES)
        || path.startsWith(MESSAGES + "/")
        || PREFIXES.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "/"));
  }

  @Override
  public Optional<Resource> at(String path) {
    String own = path;
    for (String prefix : PREFIXES) {
      if (path.equals(prefix) || path.startsWith(prefix + "/")) {
        own = path.substring(prefix.length());
      }
    }
    String rest = own;
    return switch (rest) {
      // Clients ask the base whether anybody is there.
      case "", "/", "/v1" -> Optional.of(Resource.get(AnthropicApi::about));
      case MESSAGES -> Optional.of(Resource.post(this::message));
      case MESSAGES + "/count_tokens" -> Optional.of(Resource.post(this::count));
      case "/v1/models" -> Optional.of(Resource.get(this::models));
      default ->
          rest.startsWith(MODELS) && rest.length() > MODELS.length()
              ? Optional.of(
                  Resource.get(exchange ->
                      model(exchange, PercentEncoding.decode(rest.substring(MODELS.length())))))
              : Optional.empty();
    };
  }

  @Override
  public void begin(Exchange exchange) {
    exchange.header("request-id", exchange.requestId());
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(AnthropicErrors.status(error), AnthropicErrors.encode(error, requestId));
  }

  private static void about(Exchange exchange) throws IOException {
    exchange.json(200, "{\"name\":\"yuntai\",\"api\":\"/v1\"}".getBytes(StandardCharsets.US_ASCII));
  }

  /** Where both headers come, Anthropic takes the key of its own one. */
  private Principal caller(Exchange exchange, @Nullable Scope scope) throws ApiException {
    String key = exchange.requestHeader("x-api-key").map(String::strip).orElse("");
    return Callers.demanding(
        services
            .callers()
            .byKey(key.isEmpty() ? exchange.bearerToken() : key, ADVICE, exchange, scope),
        exchange);
  }

  private static AnthropicVersion version(Exchange exchange) throws ApiException {
    return AnthropicVersion.of(exchange.requestHeader(AnthropicVersion.HEADER).orElse(null));
  }

  private void message(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = caller(exchange, Scope.GENERATE);
    InFlight places = services.inFlight();
    exchange.header("anthropic-ratelimit-requests-limit", Integer.toString(places.max()));
    exchange.header("anthropic-ratelimit-requests-remaining", Integer.toString(places.free()));
    AnthropicVersion version = version(exchange);
    ChatRequest request = exchange.readJson(body -> AnthropicRequests.decode(body, version));
    services.answers().generate(request, asker, new Format(exchange.requestId()), exchange);
  }

  private record Format(String requestId) implements AnswerFormat {
    @Override
    public byte[] whole(Answer answer) {
      return AnthropicAnswers.encode(answer);
    }

    @Override
    public AnswerStream stream(AnswerHead head) {
      return new AnthropicStream(head, requestId);
    }

    @Override
    public void tell(List<RateLimit> limits, Exchange exchange) {
      LimitHeaders.openAi(limits, exchange);
      LimitHeaders.anthropic(limits, exchange);
    }

    @Override
    public byte[] keepAlive() {
      return AnthropicStream.ping();
    }
  }

  private void count(Exchange exchange) throws ApiException, IOException, InterruptedException {
    caller(exchange, Scope.GENERATE);
    AnthropicVersion version = version(exchange);
    ChatRequest request = exchange.readJson(body -> AnthropicRequests.decodeCount(body, version));
    exchange.json(200, AnthropicAnswers.encodeCount(services.gateway().promptTokens(request)));
  }

  /** The list of models; also what {@code /v1/models} answers to clients of this API. */
  void models(Exchange exchange) throws ApiException, IOException {
    caller(exchange, null);
    List<AnthropicModels.Card> cards =
        services.models().all().stream()
            .map(AnthropicApi::card)
            .sorted(Comparator.comparing(AnthropicModels.Card::id))
            .toList();
    exchange.json(200, AnthropicModels.encodeList(cards));
  }

  /** One model, likewise. */
  void model(Exchange exchange, String id) throws ApiException, IOException {
    caller(exchange, null);
    exchange.json(200, AnthropicModels.encode(card(services.gateway().model(id))));
  }

  private static AnthropicModels.Card card(HostedModel model) {
    return new AnthropicModels.Card(model.name(), model.createdEpochSeconds());
  }
}
