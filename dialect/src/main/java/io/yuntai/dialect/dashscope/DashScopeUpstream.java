package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamCall;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.dialect.upstream.UpstreamRanks;
import java.util.List;

/** Servers that speak DashScope's native API; their base URL ends in {@code /api/v1}. */
public final class DashScopeUpstream implements UpstreamCodec {
  private static final String PATH = "/services/aigc/text-generation/generation";
  private static final String EMBEDDINGS = "/services/embeddings/text-embedding/text-embedding";
  private static final String RERANK = "/services/rerank/text-rerank/text-rerank";
  private static final List<Header> STREAM = List.of(new Header("x-dashscope-sse", "enable"));

  @Override
  public UpstreamCall call(ModelRequest request) throws ApiException {
    return switch (request) {
      case ChatRequest chat ->
          new UpstreamCall(
              PATH,
              chat.delivery().stream() ? STREAM : List.of(),
              DashScopeRequestWriter.write(chat));
      case CompletionRequest _ ->
          throw new ApiException(
              ApiError.invalidField(
                  "unsupported_parameter",
                  "model",
                  "The model `%s` is served by DashScope's API, which has conversations only; ask it at /v1/chat/completions."
                      .formatted(request.model())));
    };
  }

  @Override
  public UpstreamCall encoderCall(EncoderRequest request) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts ->
          new UpstreamCall(EMBEDDINGS, List.of(), DashScopeEncoderWriter.write(texts));
      case RerankRequest documents ->
          new UpstreamCall(RERANK, List.of(), DashScopeEncoderWriter.write(documents));
    };
  }

  @Override
  public EncoderAnswer encoderAnswer(EncoderRequest request, byte[] json) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts -> DashScopeEncoderWriter.read(texts, json);
      case RerankRequest documents -> UpstreamRanks.read(documents, json);
    };
  }

  @Override
  public List<Header> credentials(String key) {
    return List.of(new Header("authorization", "Bearer " + key));
  }

  @Override
  public AnswerReader reader(ModelRequest request) {
    return new DashScopeAnswerReader(request.settings().choices());
  }

  @Override
  public ApiError error(int status, byte[] body) {
    return DashScopeErrors.decode(status, body);
  }
}
