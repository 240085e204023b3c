package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A field that we know and don't support: refused by name, unless its value asks for nothing.
 *
 * @param name the field
 * @param asksForNothing which values change nothing; null is always one
 */
record Unsupported(String name, Predicate<JsonNode> asksForNothing) {
  /** For both kinds of request: extensions of other servers that would change the answer. */
  private static final List<Unsupported> COMMON =
      List.of(
          new Unsupported("typical_p", Unsupported::isOne),
          new Unsupported("ignore_eos", Unsupported::isFalse),
          new Unsupported("min_tokens", node -> node.isInt() && node.intValue() == 0),
          new Unsupported("guided_decoding_backend", Unsupported::never),
          new Unsupported("guided_whitespace_pattern", Unsupported::never));

  private static final List<Unsupported> CHAT =
      List.of(
          new Unsupported("functions", Unsupported::isEmptyArray),
          new Unsupported("function_call", text("none", "auto")),
          new Unsupported("modalities", Unsupported::isTextOnly),
          new Unsupported("audio", Unsupported::never),
          new Unsupported("enable_search", Unsupported::isFalse),
          new Unsupported("prediction", Unsupported::never),
          new Unsupported("verbosity", text("medium")),
          new Unsupported("web_search_options", Unsupported::never),
          new Unsupported("store", Unsupported::isFalse),
          new Unsupported("service_tier", text("auto", "default")),
          new Unsupported("prompt_cache_retention", text("in_memory", "in-memory")),
          new Unsupported("prompt_cache_options", Unsupported::never),
          new Unsupported("moderation", Unsupported::never));

  private static final List<Unsupported> COMPLETION =
      List.of(new Unsupported("suffix", text("")), new Unsupported("echo", Unsupported::isFalse));

  /** In a message, whoever speaks. */
  private static final List<Unsupported> MESSAGE =
      List.of(
          new Unsupported("function_call", Unsupported::never),
          new Unsupported("audio", Unsupported::never),
          new Unsupported("refusal", Unsupported::never),
          new Unsupported("annotations", Unsupported::isEmptyArray));

  static void refuseInChat(Fields body) throws ApiException {
    refuse(COMMON, body);
    refuse(CHAT, body);
  }

  static void refuseInCompletion(Fields body) throws ApiException {
    refuse(COMMON, body);
    refuse(COMPLETION, body);
  }

  static void refuseInMessage(Fields message) throws ApiException {
    refuse(MESSAGE, message);
  }

  private static void refuse(List<Unsupported> list, Fields fields) throws ApiException {
    for (Unsupported unsupported : list) {
      JsonNode node = fields.node(unsupported.name);
      if (node != null && !unsupported.asksForNothing.test(node)) {
        throw Refusals.unsupported(fields.pathOf(unsupported.name));
      }
    }
  }

  private static boolean never(JsonNode node) {
    return false;
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }

  private static boolean isEmptyArray(JsonNode node) {
    return node.isArray() && node.isEmpty();
  }

  private static boolean isOne(JsonNode node) {
    return node.isNumber() && node.doubleValue(0) == 1.0;
  }

  private static Predicate<JsonNode> text(String... values) {
    List<String> harmless = List.of(values);
    return node -> node.isString() && harmless.contains(node.stringValue());
  }

  private static boolean isTextOnly(JsonNode node) {
    return node.isArray()
        && node.size() == 1
        && node.get(0).isString()
        && node.get(0).stringValue().equals("text");
  }
}
