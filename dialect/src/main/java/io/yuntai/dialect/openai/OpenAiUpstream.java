package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerForm;
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
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Servers that speak OpenAI's API, as clients meet them. */
public final class OpenAiUpstream implements UpstreamCodec {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final OpenAiFlavour flavour;
  private final String apiVersion;
  private final OpenAiRequestWriter writer;

  private OpenAiUpstream(OpenAiFlavour flavour, String apiVersion) {
    this.flavour = flavour;
    this.apiVersion = apiVersion;
    this.writer = new OpenAiRequestWriter(flavour);
  }

  /**
   * Servers whose base URL ends where {@code /chat/completions} begins.
   *
   * @param flavour any but {@link OpenAiFlavour#AZURE}
   */
  public static OpenAiUpstream of(OpenAiFlavour flavour) {
    if (flavour == OpenAiFlavour.AZURE) {
      throw new IllegalArgumentException("Azure needs an API version");
    }
    return new OpenAiUpstream(flavour, "");
  }

  /**
   * OpenAI's models at Azure; the base URL is the resource's, such as {@code
   * https://NAME.openai.azure.com}, and the model's name that of a deployment.
   *
   * @param apiVersion such as {@code 2024-10-21}
   */
  public static OpenAiUpstream azure(String apiVersion) {
    return new OpenAiUpstream(OpenAiFlavour.AZURE, apiVersion);
  }

  @Override
  public UpstreamCall call(ModelRequest request) throws ApiException {
    refuse(request.settings().repetition().lastTokens() != 0, "repeat_last_n");
    if (flavour.strict()) {
      refuseUnknown(request);
    }
    return switch (request) {
      case ChatRequest chat ->
          new UpstreamCall(path("/chat/completions", chat.model()), List.of(), writer.write(chat));
      case CompletionRequest completion ->
          new UpstreamCall(
              path("/completions", completion.model()), List.of(), writer.write(completion));
    };
  }

  @Override
  public UpstreamCall encoderCall(EncoderRequest request) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts ->
          new UpstreamCall(
              path("/embeddings", texts.model()), List.of(), OpenAiEncoders.write(texts, flavour));
      case RerankRequest documents ->
          new UpstreamCall("/rerank", List.of(), OpenAiEncoders.write(documents, flavour));
    };
  }

  @Override
  public EncoderAnswer encoderAnswer(EncoderRequest request, byte[] json) throws ApiException {
    return switch (request) {
      case EmbeddingRequest texts -> OpenAiEncoders.read(texts, json);
      case RerankRequest documents -> UpstreamRanks.read(documents, json);
    };
  }

  private String path(String operation, String model) {
    return flavour == OpenAiFlavour.AZURE
        ? "/openai/deployments/%s%s?api-version=%s"
            .formatted(encoded(model), operation, encoded(apiVersion))
        : operation;
  }

  /** For a segment of a path or a value of a query (RFC 3986, section 2.3). */
  private static String encoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static void refuseUnknown(ModelRequest request) throws ApiException {
    refuse(request.settings().topK() != 0, "top_k");
    refuse(request.settings().minP() != 0, "min_p");
    refuse(!request.settings().repetition().isNone(), "repetition_penalty");
    switch (request.settings().form()) {
      case AnswerForm.Free _, AnswerForm.JsonObject _, AnswerForm.JsonSchema _ -> {}
      case AnswerForm.Regex form -> refuse(true, form.field());
      case AnswerForm.Choice form -> refuse(true, form.field());
      case AnswerForm.Gbnf form -> refuse(true, form.field());
    }
    if (request instanceof ChatRequest chat && !chat.templateVariables().isEmpty()) {
      refuse(true, chat.templateVariables().keySet().iterator().next());
    }
  }

  private static void refuse(boolean present, String field) throws ApiException {
    if (present) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_parameter",
              field,
              "The model is served by OpenAI's API, which has no '%s'; leave it out."
                  .formatted(field)));
    }
  }

  @Override
  public List<Header> credentials(String key) {
    return List.of(
        flavour == OpenAiFlavour.AZURE
            ? new Header("api-key", key)
            : new Header("authorization", "Bearer " + key));
  }

  @Override
  public AnswerReader reader(ModelRequest request) {
    return new OpenAiAnswerReader();
  }

  @Override
  public ApiError error(int status, byte[] body) {
    return UpstreamErrors.read(status, body);
  }
}
