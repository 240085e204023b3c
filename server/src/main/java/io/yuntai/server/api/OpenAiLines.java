package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.openai.EncoderAnswers;
import io.yuntai.dialect.openai.EncoderRequests;
import io.yuntai.dialect.openai.OpenAiAnswers;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.dialect.responses.ResponseErrors;
import io.yuntai.dialect.responses.ResponsesRequest;
import io.yuntai.dialect.responses.ResponsesRequests;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.server.batches.LineAnswer;
import io.yuntai.server.batches.LineWork;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Telemetry;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests of batches, in OpenAI's API. */
public final class OpenAiLines implements LineWork {
  private static final List<String> ENDPOINTS =
      List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses");

  private static final int ID_BYTES = 12;
  private static final int RESPONSE_ID_BYTES = 24;

  private final Gateway gateway;
  private final EncoderGateway encoders;
  private final ResponseStore responses;
  private final EarlierTurns turns;
  private final Telemetry telemetry;
  private final RandomGenerator random;

  /**
   * @param responses keeps conversations, as of requests that are sent alone
   * @param telemetry is told of each line
   * @param random source of request ids; safe for use by many threads
   */
  public OpenAiLines(
      Gateway gateway,
      EncoderGateway encoders,
      ResponseStore responses,
      Telemetry telemetry,
      RandomGenerator random) {
    this.gateway = gateway;
    this.encoders = encoders;
    this.responses = responses;
    this.turns = new EarlierTurns(responses);
    this.telemetry = telemetry;
    this.random = random;
  }

  @Override
  public boolean serves(String endpoint) {
    return ENDPOINTS.contains(endpoint);
  }

  @Override
  public LineAnswer answer(String endpoint, byte[] body, Principal asker)
      throws ApiException, InterruptedException {
    try (RequestTimeline timeline = telemetry.beginLine(newId())) {
      timeline.asksForWork();
      asker.key().ifPresent(timeline::askedBy);
      try {
        LineAnswer answer =
            timeline.<LineAnswer, ApiException, InterruptedException>within(
                () -> answerLine(endpoint, body, asker));
        timeline.answered(answer.status());
        return answer;
      } catch (ApiException e) {
        timeline.failed(e.error());
        throw e;
      }
    }
  }

  private LineAnswer answerLine(String endpoint, byte[] body, Principal asker)
      throws ApiException, InterruptedException {
    return switch (endpoint) {
      case "/v1/chat/completions" -> generated(OpenAiRequests.decodeChat(body), asker);
      case "/v1/completions" -> generated(OpenAiRequests.decodeCompletion(body), asker);
      case "/v1/responses" -> response(body, asker);
      default -> {
        try (var pending = embed(body, asker)) {
          yield new LineAnswer(
              200, RequestTimeline.current().id(), EncoderAnswers.encode(pending.answer()));
        }
      }
    };
  }

  private EncoderGateway.Pending<EmbeddingAnswer> embed(byte[] body, Principal asker)
      throws ApiException {
    return encoders.embed(EncoderRequests.decodeEmbedding(body), asker, ServiceClass.BATCH);
  }

  private LineAnswer generated(ModelRequest request, Principal asker)
      throws ApiException, InterruptedException {
    refuseIf(
        request.delivery().stream(), "stream", "Answers to batched requests are never streamed.");
    try (RunningAnswer answer = gateway.start(request, asker, ServiceClass.BATCH)) {
      return new LineAnswer(
          200, RequestTimeline.current().id(), OpenAiAnswers.encode(answer.collect()));
    }
  }

  private LineAnswer response(byte[] body, Principal asker)
      throws ApiException, InterruptedException {
    String suffix = hex(RESPONSE_ID_BYTES);
    ResponsesRequest request = ResponsesRequests.decode(body, suffix);
    refuseIf(request.stream(), "stream", "Answers to batched requests are never streamed.");
    refuseIf(request.background(), "background", "Batched requests are in the background already.");
    ResponseFormat format =
        new ResponseFormat("resp_" + suffix, Instant.now(), asker.id(), request, responses);
    ChatRequest chat = request.toChat(turns.before(request, asker.id()));
    try (RunningAnswer answer = gateway.start(chat, asker, ServiceClass.BATCH)) {
      return new LineAnswer(200, RequestTimeline.current().id(), format.whole(answer.collect()));
    } catch (ApiException e) {
      throw new ApiException(ResponseErrors.inItsWords(e.error()));
    }
  }

  private static void refuseIf(boolean asked, String field, String message) throws ApiException {
    if (asked) {
      throw new ApiException(ApiError.invalidField("invalid_value", field, message));
    }
  }

  @Override
  public LineAnswer refusal(ApiException refusal) {
    return new LineAnswer(refusal.error().status(), newId(), OpenAiErrors.encode(refusal.error()));
  }

  private String newId() {
    return "req_" + hex(ID_BYTES);
  }

  private String hex(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
