package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.anthropic.AnthropicVersion;
import io.yuntai.dialect.openai.EncoderAnswers;
import io.yuntai.dialect.openai.EncoderRequests;
import io.yuntai.dialect.openai.OpenAiAnswers;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.dialect.openai.OpenAiModels;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.dialect.openai.OpenAiStream;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.PercentEncoding;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** OpenAI's API, and the rerank request that others added beside it. */
final class OpenAiApi implements Api {
  private static final String MODELS = "/v1/models/";

  private final Services services;
  private final AnthropicApi anthropic;
  private final ResponsesApi responses;

  /**
   * @param anthropic answers its own clients where both APIs have the same path
   */
  OpenAiApi(Services services, AnthropicApi anthropic) {
    this.services = services;
    this.anthropic = anthropic;
    this.responses = new ResponsesApi(services);
  }

  @Override
  public boolean owns(String path) {
    return path.startsWith("/v1/") || at(path).isPresent();
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path) {
      case "/v1/models" -> Optional.of(Resource.get(this::models));
      case "/v1/chat/completions" ->
          Optional.of(Resource.post(exchange -> generate(exchange, OpenAiRequests::decodeChat)));
      case "/v1/completions" ->
          Optional.of(
              Resource.post(exchange -> generate(exchange, OpenAiRequests::decodeCompletion)));
      case "/v1/embeddings" -> Optional.of(Resource.post(this::embed));
      // Jina's, Cohere's newer and DashScope's names of the same thing.
      case "/v1/rerank", "/v2/rerank", "/v1/reranks" -> Optional.of(Resource.post(this::rerank));
      default ->
          // A model's name may hold slashes, encoded or not, so it is the whole rest of the path.
          path.startsWith(MODELS) && path.length() > MODELS.length()
              ? Optional.of(
                  Resource.get(exchange ->
                      model(exchange, PercentEncoding.decode(path.substring(MODELS.length())))))
              : responses.at(path).or(() -> AbsentEndpoints.at(path));
    };
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), OpenAiErrors.encode(error));
  }

  private void generate(Exchange exchange, Exchange.Decoder<? extends ModelRequest> decoder)
      throws ApiException, IOException, InterruptedException {
    Principal asker = caller(exchange, Scope.GENERATE);
    ModelRequest request = exchange.readJson(decoder);
    AnswerFormat format = new Format(request.delivery().includeUsage());
    services.answers().generate(request, asker, format, exchange);
  }

  /** Who asks for work, and how much more may be asked for now. */
  private Principal caller(Exchange exchange, Scope scope) throws ApiException {
    Principal asker = services.callers().byBearer(exchange, scope);
    services.answers().tellPlaces(exchange);
    return asker;
  }

  private record Format(boolean includeUsage) implements AnswerFormat {
    @Override
    public byte[] whole(Answer answer) {
      return OpenAiAnswers.encode(answer);
    }

    @Override
    public AnswerStream stream(AnswerHead head) {
      return new OpenAiStream(head, includeUsage);
    }
  }

  private void embed(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = caller(exchange, Scope.EMBED);
    EmbeddingRequest request = exchange.readJson(EncoderRequests::decodeEmbedding);
    services
        .answers()
        .encode(
            services.encoders().embed(request, asker),
            asker,
            request.model(),
            EncoderAnswers::encode,
            exchange);
  }

  private void rerank(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = caller(exchange, Scope.EMBED);
    RerankRequest request = exchange.readJson(EncoderRequests::decodeRerank);
    services
        .answers()
        .encode(
            services.encoders().rerank(request, asker),
            asker,
            request.model(),
            EncoderAnswers::encode,
            exchange);
  }

  private void models(Exchange exchange) throws ApiException, IOException {
    if (exchange.requestHeader(AnthropicVersion.HEADER).isPresent()) {
      anthropic.models(exchange);
      return;
    }
    services.callers().byBearer(exchange);
    List<OpenAiModels.Card> cards =
        Stream.of(
                services.models().all().stream().map(OpenAiApi::card),
                services.models().encoders().stream().map(OpenAiApi::card),
                routes())
            .flatMap(some -> some)
            .sorted(Comparator.comparing(OpenAiModels.Card::id))
            .toList();
    exchange.json(200, OpenAiModels.encodeList(cards));
  }

  private void model(Exchange exchange, String id) throws ApiException, IOException {
    if (exchange.requestHeader(AnthropicVersion.HEADER).isPresent()) {
      anthropic.model(exchange, id);
      return;
    }
    services.callers().byBearer(exchange);
    Optional<OpenAiModels.Card> route = routes().filter(card -> card.id().equals(id)).findFirst();
    if (route.isPresent()) {
      exchange.json(200, OpenAiModels.encode(route.get()));
      return;
    }
    Optional<HostedEncoder> encoder = services.models().findEncoder(id);
    exchange.json(
        200,
        OpenAiModels.encode(
            encoder.isPresent() ? card(encoder.get()) : card(services.gateway().model(id))));
  }

  /** Routes whose names are not those of models of this server, which are listed already. */
  private Stream<OpenAiModels.Card> routes() {
    return services.gateway().routing().listed().stream()
        .filter(route ->
            services.models().find(route.name()).isEmpty()
                && services.models().findEncoder(route.name()).isEmpty())
        .map(route -> new OpenAiModels.Card(route.name(), route.createdEpochSeconds(), "route"));
  }

  private static OpenAiModels.Card card(HostedEncoder model) {
    return new OpenAiModels.Card(model.name(), model.createdEpochSeconds(), model.owner());
  }

  private static OpenAiModels.Card card(HostedModel model) {
    return new OpenAiModels.Card(
        model.name(), model.createdEpochSeconds(), model.owner(), model.parent());
  }
}
