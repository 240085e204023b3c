package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EmbeddingAnswer;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.upstream.UpstreamJson;
import io.yuntai.dialect.upstream.UpstreamVectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Requests for vectors and orders of documents to servers of OpenAI's API, and their vectors.
 * OpenAI itself orders no documents; servers like it do so as Jina does.
 */
final class OpenAiEncoders {
  private OpenAiEncoders() {}

  static byte[] write(EmbeddingRequest request, OpenAiFlavour flavour) throws ApiException {
    refuse(request.role() instanceof InputRole.Query, "input_type");
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"input\":[");
    for (int i = 0; i < request.inputs().size(); i++) {
      out.raw(i == 0 ? "" : ",");
      switch (request.inputs().get(i)) {
        case Prompt.Text text -> out.text(text.text());
        case Prompt.Tokens tokens -> out.value(tokens.ids());
      }
    }
    // A third of the bytes, and exact; not every server like OpenAI's knows it.
    out.raw("],\"encoding_format\":").raw(flavour.strict() ? "\"base64\"" : "\"float\"");
    if (request.dimensions().isPresent()) {
      out.raw(",\"dimensions\":").number(request.dimensions().getAsInt());
    }
    truncation(out, request.truncation(), flavour);
    return out.raw("}").toBytes();
  }

  static byte[] write(RerankRequest request, OpenAiFlavour flavour) throws ApiException {
    if (flavour.strict()) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_parameter",
              "model",
              "The model `%s` is served by OpenAI's API, which can't order documents."
                  .formatted(request.model())));
    }
    refuse(!request.instruction().isEmpty(), "instruct");
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"query\":").text(request.query());
    out.raw(",\"documents\":").value(request.documents());
    out.raw(",\"top_n\":").number(Math.min(request.top(), request.documents().size()));
    truncation(out, request.truncation(), flavour);
    return out.raw("}").toBytes();
  }

  /** vLLM's word; OpenAI refuses what is too long, and so do the others by themselves. */
  private static void truncation(JsonBytes out, Truncation truncation, OpenAiFlavour flavour)
      throws ApiException {
    String name = "truncate_prompt_tokens";
    if (!(truncation instanceof Truncation.Refuse)) {
      refuse(flavour.strict(), name);
      out.raw(",\"").raw(name).raw("\":");
      out.number(truncation instanceof Truncation.ToTokens(int tokens) ? tokens : -1);
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

  static EmbeddingAnswer read(EmbeddingRequest request, byte[] body) throws ApiException {
    UpstreamVectors vectors = new UpstreamVectors(request.inputs().size());
    long tokens = 0;
    try (JsonParser json = UpstreamJson.parser(body, 0, body.length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw UpstreamJson.broken("it is not an object");
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "data" -> vectors.objects(json, value, "index");
          case "usage" -> tokens = UpstreamJson.countIn(json, value, "prompt_tokens");
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException _) {
      throw UpstreamJson.broken("it is not JSON");
    }
    return new EmbeddingAnswer(
        request.model(), vectors.complete(), request.base64(), Usage.ofPrompt(tokens));
  }
}
