package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.dashscope.DashScopeAnswers;
import io.yuntai.dialect.dashscope.DashScopeCall;
import io.yuntai.dialect.dashscope.DashScopeEncoders;
import io.yuntai.dialect.dashscope.DashScopeErrors;
import io.yuntai.dialect.dashscope.DashScopeFormat;
import io.yuntai.dialect.dashscope.DashScopeModels;
import io.yuntai.dialect.dashscope.DashScopeRequests;
import io.yuntai.dialect.dashscope.DashScopeStream;
import io.yuntai.dialect.dashscope.DashScopeTasks;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.http.Api;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.PercentEncoding;
import io.yuntai.server.http.Resource;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** DashScope's native API. */
final class DashScopeApi implements Api {
  private static final String ROOT = "/api/v1";
  private static final String TASKS = ROOT + "/tasks/";
  private static final String CANCEL = "/cancel";
  private static final int DEFAULT_PAGE_SIZE = 10;
  private static final int MAX_PAGE_SIZE = 1000;

  private final Services services;
  private final DashScopeTaskBook tasks;

  /**
   * @param tasks requests that run by themselves
   */
  DashScopeApi(Services services, DashScopeTaskBook tasks) {
    this.services = services;
    this.tasks = tasks;
  }

  @Override
  public boolean owns(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  @Override
  public Optional<Resource> at(String path) {
    return switch (path.substring(ROOT.length())) {
      case "/services/aigc/text-generation/generation" ->
          Optional.of(Resource.post(exchange -> generate(exchange, false)));
      case "/services/aigc/multimodal-generation/generation" ->
          Optional.of(Resource.post(exchange -> generate(exchange, true)));
      case "/services/embeddings/text-embedding/text-embedding" ->
          Optional.of(Resource.post(this::embed));
      case "/services/rerank/text-rerank/text-rerank" -> Optional.of(Resource.post(this::rerank));
      case "/models" -> Optional.of(Resource.get(this::models));
      default -> path.startsWith(TASKS) ? task(path.substring(TASKS.length())) : Optional.empty();
    };
  }

  private Optional<Resource> task(String rest) {
    if (rest.endsWith(CANCEL)) {
      String id = PercentEncoding.decode(rest.substring(0, rest.length() - CANCEL.length()));
      return Optional.of(Resource.empty().and("POST", exchange -> cancel(exchange, id)));
    }
    String id = PercentEncoding.decode(rest);
    return Optional.of(Resource.get(exchange -> tell(exchange, id)));
  }

  @Override
  public ErrorReply error(ApiError error, String requestId) {
    return new ErrorReply(error.status(), DashScopeErrors.encode(error, requestId));
  }

  private static boolean says(Exchange exchange, String header, String value) {
    return exchange.requestHeader(header).filter(value::equalsIgnoreCase).isPresent();
  }

  private static boolean wantsStream(Exchange exchange) {
    return says(exchange, "X-DashScope-SSE", "enable")
        || exchange
            .requestHeader("Accept")
            .filter(accept -> accept.toLowerCase(Locale.ROOT).contains("text/event-stream"))
            .isPresent();
  }

  private static boolean wantsTask(Exchange exchange) {
    return says(exchange, "X-DashScope-Async", "enable");
  }

  private void generate(Exchange exchange, boolean parts)
      throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.GENERATE);
    boolean task = wantsTask(exchange);
    boolean stream = wantsStream(exchange) && !task;
    DashScopeCall call = exchange.readJson(body -> DashScopeRequests.decode(body, stream, parts));
    ChatRequest request = stoppingAtTokens(call);
    String id = exchange.requestId();
    if (task) {
      RunningAnswer running = services.gateway().start(request, asker);
      started(
          exchange,
          tasks.start(
              asker,
              running,
              () -> DashScopeAnswers.encode(running.collect(), call.format(), id),
              running::close));
    } else {
      services.answers().generate(request, asker, new Format(call.format(), id), exchange);
    }
  }

  /** Token ids end an answer by the text that they are. */
  private ChatRequest stoppingAtTokens(DashScopeCall call) throws ApiException {
    if (call.stopTokens().isEmpty()) {
      return call.request();
    }
    HostedModel model = services.gateway().model(call.request().model());
    List<String> texts =
        call.stopTokens().stream()
            .map(ids -> text(ids, model))
            .filter(text -> !text.isEmpty())
            .toList();
    return call.request().with(call.request().settings().withStop(texts));
  }

  /** Empty where the model has no such token, which then never comes. */
  private static String text(List<Integer> ids, HostedModel model) {
    int size = model.tokenizer().vocabularySize();
    return ids.stream().allMatch(id -> id < size)
        ? model.tokenizer().decode(ids.stream().mapToInt(Integer::intValue).toArray(), true)
        : "";
  }

  private record Format(DashScopeFormat format, String requestId) implements AnswerFormat {
    @Override
    public byte[] whole(Answer answer) {
      return DashScopeAnswers.encode(answer, format, requestId);
    }

    @Override
    public AnswerStream stream(AnswerHead head) {
      return new DashScopeStream(head, format, requestId);
    }

    @Override
    public byte[] keepAlive() {
      return DashScopeStream.comment();
    }
  }

  private void embed(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.EMBED);
    EmbeddingRequest request = exchange.readJson(DashScopeEncoders::decodeEmbedding);
    String id = exchange.requestId();
    var running = services.encoders().embed(request, asker);
    if (wantsTask(exchange)) {
      started(
          exchange,
          tasks.start(
              asker, running, () -> DashScopeAnswers.encode(running.answer(), id), running::close));
    } else {
      services
          .answers()
          .encode(
              running,
              asker,
              request.model(),
              answer -> DashScopeAnswers.encode(answer, id),
              exchange);
    }
  }

  private void rerank(Exchange exchange) throws ApiException, IOException, InterruptedException {
    Principal asker = services.callers().byBearer(exchange, Scope.EMBED);
    RerankRequest request = exchange.readJson(DashScopeEncoders::decodeRerank);
    String id = exchange.requestId();
    services
        .answers()
        .encode(
            services.encoders().rerank(request, asker),
            asker,
            request.model(),
            answer -> DashScopeAnswers.encode(answer, id),
            exchange);
  }

  private static void started(Exchange exchange, String taskId) throws IOException {
    exchange.json(200, DashScopeTasks.encodeStarted(taskId, exchange.requestId()));
  }

  private void tell(Exchange exchange, String id) throws ApiException, IOException {
    Principal asker = services.callers().byBearer(exchange);
    String requestId = exchange.requestId();
    exchange.json(
        200,
        tasks
            .find(asker, id)
            .map(task -> DashScopeTasks.encode(task, ZoneId.systemDefault(), requestId))
            .orElseGet(() -> DashScopeTasks.encodeUnknown(id, requestId)));
  }

  private void cancel(Exchange exchange, String id) throws ApiException, IOException {
    Principal asker = services.callers().byBearer(exchange);
    if (!tasks.cancel(asker, id)) {
      throw new ApiException(
          ApiError.invalidRequest(
              400,
              "unsupported_operation",
              "The task '%s' is not running, so it can't be canceled."
                  .formatted(id.length() <= 64 ? id : id.substring(0, 64) + "...")));
    }
    exchange.json(200, DashScopeTasks.encodeCanceled(exchange.requestId()));
  }

  private void models(Exchange exchange) throws ApiException, IOException {
    services.callers().byBearer(exchange);
    List<String> names =
        Stream.concat(
                services.models().all().stream().map(HostedModel::name),
                Stream.concat(
                    services.models().encoders().stream().map(HostedEncoder::name),
                    services.gateway().routing().listed().stream().map(Routing.Listed::name)))
            .sorted()
            .toList();
    exchange.json(
        200,
        DashScopeModels.encode(
            names,
            number(exchange, "page_no", 1, Integer.MAX_VALUE),
            number(exchange, "page_size", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
            exchange.requestId()));
  }

  private static int number(Exchange exchange, String name, int otherwise, int max)
      throws ApiException {
    Optional<String> text = exchange.query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Falls through.
    }
    throw new ApiException(
        ApiError.invalidField(
            "invalid_value", name, "'%s' is a number from 1 to %d.".formatted(name, max)));
  }
}
