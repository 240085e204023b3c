package io.yuntai.dialect.responses;

import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBytes;
import io.yuntai.dialect.json.PlainJson;
import tools.jackson.databind.JsonNode;

/** What response objects repeat of their request, with the defaults filled in. */
final class ResponseEcho {
  private ResponseEcho() {}

  /** Members of a JSON object, each followed by a comma. */
  static byte[] of(Fields body, boolean store, boolean background, GenerationSettings settings) {
    JsonBytes out = new JsonBytes(512);
    member(out, body, "instructions", "null");
    member(out, body, "max_output_tokens", "null");
    member(out, body, "max_tool_calls", "null");
    member(out, body, "metadata", "{}");
    member(out, body, "parallel_tool_calls", "true");
    member(out, body, "previous_response_id", "null");
    given(out, body, "prompt_cache_key");
    given(out, body, "safety_identifier");
    member(out, body, "reasoning", "{\"effort\":null,\"summary\":null}");
    member(out, body, "tool_choice", "\"auto\"");
    member(out, body, "tools", "[]");
    member(out, body, "user", "null");
    out.raw("\"text\":");
    text(out, body.node("text"));
    out.raw(",\"temperature\":").number(settings.temperature());
    out.raw(",\"top_p\":").number(settings.topP());
    out.raw(",\"top_logprobs\":").number(Math.max(0, settings.topLogprobs()));
    out.raw(",\"background\":").raw(background ? "true" : "false");
    out.raw(",\"store\":").raw(store ? "true" : "false");
    return out.raw(",\"service_tier\":\"default\",\"truncation\":\"disabled\",").toBytes();
  }

  /** One that is left out where the request does not have it. */
  private static void given(JsonBytes out, Fields body, String name) {
    if (body.node(name) != null) {
      member(out, body, name, "");
    }
  }

  private static void member(JsonBytes out, Fields body, String name, String absent) {
    out.raw("\"").raw(name).raw("\":");
    JsonNode node = body.node(name);
    if (node == null) {
      out.raw(absent);
    } else {
      out.value(PlainJson.exact(node));
    }
    out.raw(",");
  }

  private static void text(JsonBytes out, @org.jspecify.annotations.Nullable JsonNode text) {
    JsonNode format = text == null ? null : text.get("format");
    JsonNode verbosity = text == null ? null : text.get("verbosity");
    out.raw("{\"format\":");
    if (format == null || format.isNull()) {
      out.raw("{\"type\":\"text\"}");
    } else {
      out.value(PlainJson.exact(format));
    }
    out.raw(",\"verbosity\":");
    if (verbosity == null || !verbosity.isString()) {
      out.raw("\"medium\"}");
    } else {
      out.text(verbosity.stringValue()).raw("}");
    }
  }
}
