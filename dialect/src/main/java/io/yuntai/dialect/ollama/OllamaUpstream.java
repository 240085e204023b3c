package io.yuntai.dialect.ollama;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamCall;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.dialect.upstream.UpstreamJson;
import io.yuntai.dialect.upstream.UpstreamVectors;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Servers that speak Ollama's API; their base URL is where {@code /api} begins. */
public final class OllamaUpstream implements UpstreamCodec {
  @Override
  public UpstreamCall call(ModelRequest request) throws ApiException {
    return switch (request) {
      case ChatRequest chat ->
          new UpstreamCall("/api/chat", List.of(), OllamaRequestWriter.write(chat));
      case CompletionRequest completion ->
          new UpstreamCall("/api/generate", List.of(), OllamaRequestWriter.write(completion));
    };
  }

  @Override
  public UpstreamCall encoderCall(EncoderRequest request) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts ->
          new UpstreamCall("/api/embed", List.of(), OllamaRequestWriter.write(texts));
      case RerankRequest _ ->
          throw new ApiException(
              ApiError.invalidField(
                  "unsupported_parameter",
                  "model",
                  "The model `%s` is served by Ollama's API, which can't order documents."
                      .formatted(request.model())));
    };
  }

  @Override
  public EncoderAnswer encoderAnswer(EncoderRequest request, byte[] json) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts -> vectors(texts, json);
      case RerankRequest _ -> throw UpstreamJson.broken("nothing was asked");
    };
  }

  private static EmbeddingAnswer vectors(EmbeddingRequest request, byte[] body)
      throws ApiException {
    UpstreamVectors vectors = new UpstreamVectors(request.inputs().size());
    long tokens = 0;
    try (JsonParser json = UpstreamJson.parser(body, 0, body.length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw UpstreamJson.broken("it is not an object");
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "embeddings" -> vectors.lists(json, value);
          case "prompt_eval_count" -> tokens = UpstreamJson.count(json, value);
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException _) {
      throw UpstreamJson.broken("it is not JSON");
    }
    return new EmbeddingAnswer(
        request.model(), vectors.complete(), request.base64(), Usage.ofPrompt(tokens));
  }

  /** Ollama itself asks for none; what stands before it may. */
  @Override
  public List<Header> credentials(String key) {
    return List.of(new Header("authorization", "Bearer " + key));
  }

  @Override
  public AnswerReader reader(ModelRequest request) {
    return new OllamaAnswerReader();
  }

  @Override
  public ApiError error(int status, byte[] body) {
    return OllamaErrors.decode(status, body);
  }
}
