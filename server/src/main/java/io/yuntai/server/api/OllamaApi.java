package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.ollama.OllamaCall;
import io.yuntai.dialect.ollama.OllamaErrors;
import io.yuntai.dialect.ollama.OllamaModels;
import io.yuntai.dialect.ollama.OllamaModels.Card;
import io.yuntai.dialect.ollama.OllamaRequests;
import io.yuntai.dialect.ollama.OllamaStream;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Ollama's API, which local tools speak. */
final class OllamaApi implements Api {
  private static final String ROOT = "/api/";

  /** The version of Ollama whose API this is: tools ask for it. */
  private static final String VERSION = "{\"version\":\"0.12.0\"}";

  /** Models here leave with the server. */
  private static final Instant NEVER = Instant.parse("2318-01-01T00:00:00Z");

  private static final byte[] BLANK = {' '};
  private static final byte[] NOTHING = {};

  private final Services services;
  private final InstantSource clock;

  OllamaApi(Services services, InstantSource clock) {
    this.services = services;
    this.clock = clock;
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith(ROOT);
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path.substring(ROOT.length())) {
      case "chat" ->
          Optional.of(Resource.post(exchange -> generate(exchange, OllamaRequests::decodeChat)));
      case "generate" ->
          Optional.of(
              Resource.post(exchange -> generate(exchange, OllamaRequests::decodeGenerate)));
      case "embed" -> Optional.of(Resource.post(this::embed));
      case "embeddings" -> Optional.of(Resource.post(this::embedOne));
      case "show" -> Optional.of(Resource.post(this::show));
      case "tags" ->
          Optional.of(
              Resource.get(exchange -> list(exchange, OllamaModels.encodeTags(cards(exchange)))));
      case "ps" ->
          Optional.of(
              Resource.get(
                  exchange -> list(exchange, OllamaModels.encodeRunning(cards(exchange), NEVER))));
      case "version" ->
          Optional.of(
              Resource.get(
                  exchange -> list(exchange, VERSION.getBytes(StandardCharsets.US_ASCII))));
      case "pull", "push", "create", "copy", "delete" ->
          Optional.of(
              Resource.post(OllamaApi::refuseManagement)
                  .and("DELETE", OllamaApi::refuseManagement));
      default -> Optional.empty();
    };
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OllamaErrors.encode(error));
  }

  private static void refuseManagement(Exchange exchange) throws ApiException {
    throw new ApiException(
        ApiError.invalidRequest(
            404,
            "unsupported_endpoint",
            "Models are not managed over this API; use the yuntai command: yuntai pull, yuntai rm."));
  }

  private void generate(Exchange exchange, Exchange.Decoder<OllamaCall> decoder)
      throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    switch (exchange.readJson(decoder)) {
      case OllamaCall.Load load -> {
        requireThere(load.model());
        exchange.json(200, OllamaStream.loaded(load, clock.instant()));
      }
      case OllamaCall.Generate call ->
          services
              .answers()
              .generate(
                  call.request(), asker, new Format(call.chat(), call.stream(), clock), exchange);
    }
  }

  /** A route's models are always there, as far as anybody knows. */
  private void requireThere(String name) throws ApiException {
    if (route(name).isEmpty()) {
      var _ = services.gateway().model(name);
    }
  }

  private Optional<Card> route(String name) {
    return routes().filter(card -> card.name().equals(name)).findFirst();
  }

  private Stream<Card> routes() {
    return services.gateway().routing().listed().stream().map(OllamaApi::card);
  }

  private record Format(boolean chat, boolean pieces, InstantSource clock) implements AnswerFormat {
    @Override
    public byte[] whole(Answer answer) {
      throw new IllegalStateException("an answer is always read as it comes");
    }

    @Override
    public AnswerStream stream(AnswerHead head) {
      return new OllamaStream(head, chat, pieces, clock);
    }

    /** Each line is an object, so that nothing can fill the silence of a stream. */
    @Override
    public byte[] comment(String text) {
      return pieces ? NOTHING.clone() : BLANK.clone();
    }

    @Override
    public String streamType() {
      return pieces ? "application/x-ndjson" : Exchange.JSON;
    }
  }

  private void embed(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.EMBED);
    Instant begin = clock.instant();
    EmbeddingRequest request = exchange.readJson(OllamaRequests::decodeEmbed);
    services
        .answers()
        .encode(
            services.encoders().embed(request, asker),
            asker,
            request.model(),
            answer -> OllamaModels.encode(answer, Duration.between(begin, clock.instant())),
            exchange);
  }

  private void embedOne(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.EMBED);
    EmbeddingRequest request = exchange.readJson(OllamaRequests::decodeEmbeddings);
    services
        .answers()
        .encode(
            services.encoders().embed(request, asker),
            asker,
            request.model(),
            OllamaModels::encodeSingle,
            exchange);
  }

  private void show(Exchange exchange) throws ApiException, IOException, InterruptedException {
    services.callers().byBearer(exchange);
    String name = exchange.readJson(OllamaRequests::decodeShow);
    Optional<Card> known =
        route(name).or(() -> services.models().findEncoder(name).map(OllamaApi::card));
    exchange.json(
        200,
        OllamaModels.encodeShow(
            known.isPresent() ? known.get() : card(services.gateway().model(name))));
  }

  private static void list(Exchange exchange, byte[] json) throws IOException {
    exchange.json(200, json);
  }

  private List<Card> cards(Exchange exchange) throws ApiException {
    services.callers().byBearer(exchange);
    // A route may have the name of a model of ours.
    Map<String, Card> cards = new TreeMap<>();
    services.models().all().forEach(model -> cards.put(model.name(), card(model)));
    services.models().encoders().forEach(model -> cards.put(model.name(), card(model)));
    routes().forEach(card -> cards.put(card.name(), card));
    return List.copyOf(cards.values());
  }

  /** What a route leads to is not known here; most of them chat, and call tools. */
  private static Card card(Routing.Listed route) {
    return new Card(
        route.name(),
        Instant.ofEpochSecond(route.createdEpochSeconds()),
        "route",
        "",
        List.of("completion", "tools"));
  }

  private static Card card(HostedModel model) {
    List<String> capabilities = new ArrayList<>(List.of("completion"));
    if (model.format().calls().isPresent()) {
      capabilities.add("tools");
    }
    return new Card(
        model.name(),
        Instant.ofEpochSecond(model.createdEpochSeconds()),
        model.owner(),
        model.fingerprint().get().orElse(""),
        capabilities);
  }

  private static Card card(HostedEncoder model) {
    return new Card(
        model.name(),
        Instant.ofEpochSecond(model.createdEpochSeconds()),
        model.owner(),
        "",
        List.of("embedding"));
  }
}
