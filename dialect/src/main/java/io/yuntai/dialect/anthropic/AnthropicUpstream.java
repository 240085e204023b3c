package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.CompletionRequest;
import io.yuntai.dialect.EncoderAnswer;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.upstream.AnswerReader;
import io.yuntai.dialect.upstream.UpstreamCall;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.List;

/**
 * Servers that speak Anthropic's API, by its older version, which alone knows settings of sampling.
 * Their base URL ends in {@code /v1}.
 */
public final class AnthropicUpstream implements UpstreamCodec {
  private static final List<Header> HEADERS =
      List.of(new Header(AnthropicVersion.HEADER, AnthropicVersion.V2023_06_01.date()));

  @Override
  public UpstreamCall call(ModelRequest request) throws ApiException {
    return switch (request) {
      case ChatRequest chat ->
          new UpstreamCall("/messages", HEADERS, AnthropicRequestWriter.write(chat));
      case CompletionRequest _ ->
          throw new ApiException(
              ApiError.invalidField(
                  "unsupported_parameter",
                  "model",
                  "The model `%s` is served by Anthropic's API, which has conversations only; ask"
                          .formatted(request.model())
                      + " it at /v1/chat/completions."));
    };
  }

  @Override
  public UpstreamCall encoderCall(EncoderRequest request) throws ApiException {
    throw new ApiException(
        ApiError.invalidField(
            "unsupported_parameter",
            "model",
            "The model `%s` is served by Anthropic's API, which has neither vectors nor orders of documents."
                .formatted(request.model())));
  }

  @Override
  public EncoderAnswer encoderAnswer(EncoderRequest request, byte[] json) throws ApiException {
    throw UpstreamJson.broken("nothing was asked");
  }

  @Override
  public List<Header> credentials(String key) {
    return List.of(new Header("x-api-key", key));
  }

  @Override
  public AnswerReader reader(ModelRequest request) {
    return new AnthropicAnswerReader();
  }

  @Override
  public ApiError error(int status, byte[] body) {
    return AnthropicErrors.decode(status, body);
  }
}
