package io.yuntai.dialect.dashscope;

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

/** Requests to the bodies that {@link DashScopeEncoders} reads, and the vectors that come back. */
final class DashScopeEncoderWriter {
  private DashScopeEncoderWriter() {}

  static byte[] write(EmbeddingRequest request) throws ApiException {
    refuseCut(request.truncation());
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"input\":{\"texts\":[");
    for (int i = 0; i < request.inputs().size(); i++) {
      switch (request.inputs().get(i)) {
        case Prompt.Text(String text) -> out.raw(i == 0 ? "" : ",").text(text);
        case Prompt.Tokens _ -> throw refused("input of token ids");
      }
    }
    out.raw("]},\"parameters\":{\"output_type\":\"dense\"");
    if (request.dimensions().isPresent()) {
      out.raw(",\"dimension\":").number(request.dimensions().getAsInt());
    }
    if (request.role() instanceof InputRole.Query(String instruction)) {
      out.raw(",\"text_type\":\"query\"");
      instruct(out, instruction);
    } else {
      out.raw(",\"text_type\":\"document\"");
    }
    return out.raw("}}").toBytes();
  }

  static byte[] write(RerankRequest request) throws ApiException {
    refuseCut(request.truncation());
    JsonBytes out = new JsonBytes(1024).raw("{\"model\":").text(request.model());
    out.raw(",\"input\":{\"query\":").text(request.query());
    out.raw(",\"documents\":").value(request.documents());
    out.raw("},\"parameters\":{\"top_n\":");
    out.number(Math.min(request.top(), request.documents().size()));
    instruct(out, request.instruction());
    return out.raw("}}").toBytes();
  }

  private static void instruct(JsonBytes out, String instruction) {
    if (!instruction.isEmpty()) {
      out.raw(",\"instruct\":").text(instruction);
    }
  }

  private static void refuseCut(Truncation truncation) throws ApiException {
    if (!(truncation instanceof Truncation.Refuse)) {
      throw refused("truncate_prompt_tokens");
    }
  }

  private static ApiException refused(String field) {
    return new ApiException(
        ApiError.invalidField(
            "unsupported_parameter",
            field,
            "The model is served by DashScope's API, which has no '%s'; leave it out."
                .formatted(field)));
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
          case "output" -> output(json, value, vectors);
          case "usage" -> tokens = UpstreamJson.countIn(json, value, "total_tokens");
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException _) {
      throw UpstreamJson.broken("it is not JSON");
    }
    return new EmbeddingAnswer(
        request.model(), vectors.complete(), request.base64(), Usage.ofPrompt(tokens));
  }

  private static void output(JsonParser json, JsonToken value, UpstreamVectors vectors)
      throws ApiException {
    if (value != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken field = json.nextToken();
      if (name.equals("embeddings")) {
        vectors.objects(json, field, "text_index");
      } else {
        json.skipChildren();
      }
    }
  }
}
