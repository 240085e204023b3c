package io.yuntai.dialect.openai;

import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.upstream.UpstreamJson;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One element of {@code choices}, in a chunk or in a whole answer. Used again for the next one. */
final class ChoicePiece {
  int index;
  String reasoning = "";
  String text = "";

  /** Empty while the choice goes on. */
  String finishReason = "";

  List<TokenLogprob> logprobs = List.of();
  final List<CallPiece> calls = new ArrayList<>();

  /**
   * A piece of a call of a tool.
   *
   * @param index the upstream's own; -1 where it gives none, and each element is a call of its own
   * @param id empty where it goes on
   * @param name empty where it goes on
   * @param arguments possibly empty
   */
  record CallPiece(long index, String id, String name, String arguments) {}

  /**
   * @param json at the element's start; afterwards at its end
   * @param place its index where it says none itself
   */
  void read(JsonParser json, int place) {
    index = place;
    reasoning = "";
    text = "";
    finishReason = "";
    logprobs = List.of();
    calls.clear();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : index;
        case "delta", "message" -> message(json, value);
        case "text" -> text += UpstreamJson.text(json, value);
        case "finish_reason" -> finishReason = UpstreamJson.text(json, value);
        case "logprobs" -> {
          if (value == JsonToken.START_OBJECT) {
            logprobs = LogprobReader.read(UpstreamJson.tree(json));
          } else {
            json.skipChildren();
          }
        }
        default -> json.skipChildren();
      }
    }
  }

  private void message(JsonParser json, JsonToken start) {
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        // A refusal is what the model says; there is no other place for it.
        case "content", "refusal" -> text += UpstreamJson.text(json, value);
        case "reasoning_content", "reasoning" -> {
          // Some servers send both names with the same text.
          String thought = UpstreamJson.text(json, value);
          reasoning = thought.isEmpty() ? reasoning : thought;
        }
        case "tool_calls" -> calls(json, value);
        default -> json.skipChildren();
      }
    }
  }

  private void calls(JsonParser json, JsonToken start) {
    if (start != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      long at = -1;
      String id = "";
      String[] function = {"", ""};
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "index" -> at = UpstreamJson.count(json, value);
          case "id" -> id = UpstreamJson.text(json, value);
          case "function" -> function(json, value, function);
          default -> json.skipChildren();
        }
      }
      calls.add(new CallPiece(at, id, function[0], function[1]));
    }
  }

  private static void function(JsonParser json, JsonToken start, String[] nameAndArguments) {
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "name" -> nameAndArguments[0] = UpstreamJson.text(json, value);
        case "arguments" -> nameAndArguments[1] = UpstreamJson.text(json, value);
        default -> json.skipChildren();
      }
    }
  }
}
