package io.yuntai.server.api;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.openai.EncoderAnswers;
import io.yuntai.dialect.openai.EncoderRequests;
import io.yuntai.dialect.openai.OpenAiAnswers;
import io.yuntai.dialect.openai.OpenAiErrors;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.server.batches.LineAnswer;
import io.yuntai.server.batches.LineWork;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RunningAnswer;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests of batches, in OpenAI's API. */
public final class OpenAiLines implements LineWork {
  private static final List<String> ENDPOINTS =
      List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings");

  private static final int ID_BYTES = 12;

  private final Gateway gateway;
  private final EncoderGateway encoders;
  private final RandomGenerator random;

  /**
   * @param random source of request ids; safe for use by many threads
   */
  public OpenAiLines(Gateway gateway, EncoderGateway encoders, RandomGenerator random) {
    this.gateway = gateway;
    this.encoders = encoders;
    this.random = random;
  }

  @Override
  public boolean serves(String endpoint) {
    return ENDPOINTS.contains(endpoint);
  }

  @Override
  public LineAnswer answer(String endpoint, byte[] body, Principal asker)
      throws ApiException, InterruptedException {
    return switch (endpoint) {
      case "/v1/chat/completions" -> generated(OpenAiRequests.decodeChat(body), asker);
      case "/v1/completions" -> generated(OpenAiRequests.decodeCompletion(body), asker);
      default -> {
        try (var pending = encoders.embed(EncoderRequests.decodeEmbedding(body), asker)) {
          yield new LineAnswer(200, newId(), EncoderAnswers.encode(pending.answer()));
        }
      }
    };
  }

  private LineAnswer generated(ModelRequest request, Principal asker)
      throws ApiException, InterruptedException {
    if (request.delivery().stream()) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value", "stream", "Answers to batched requests are never streamed."));
    }
    try (RunningAnswer answer = gateway.start(request, asker)) {
      return new LineAnswer(200, newId(), OpenAiAnswers.encode(answer.collect()));
    }
  }

  @Override
  public LineAnswer refusal(ApiException refusal) {
    return new LineAnswer(refusal.error().status(), newId(), OpenAiErrors.encode(refusal.error()));
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return "req_" + HexFormat.of().formatHex(id);
  }
}
