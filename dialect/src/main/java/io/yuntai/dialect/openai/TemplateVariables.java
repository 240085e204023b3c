package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code chat_template_kwargs}: variables for the model's chat template, as vLLM and others take
 * them.
 */
final class TemplateVariables {
  private static final int MAX_VARIABLES = 64;

  /** What the server itself gives to every template. */
  private static final Set<String> OURS =
      Set.of("messages", "tools", "add_generation_prompt", "bos_token", "eos_token");

  private TemplateVariables() {}

  static Map<String, Object> of(Fields body) throws ApiException {
    JsonNode node = body.node("chat_template_kwargs");
    if (node == null) {
      return Map.of();
    }
    String path = "chat_template_kwargs";
    if (!node.isObject()) {
      throw Refusals.wrongType(path, "an object", node);
    }
    if (node.size() > MAX_VARIABLES) {
      throw Refusals.outOfRange(
          "object_above_max_properties",
          path,
          "at most " + MAX_VARIABLES + " variables are allowed");
    }
    Map<String, Object> variables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = path + "." + entry.getKey();
      if (OURS.contains(entry.getKey())) {
        throw Refusals.unsupported(name);
      }
      Object value = PlainJson.of(entry.getValue(), name);
      if (value != null) {
        variables.put(entry.getKey(), value);
      }
    }
    return variables;
  }
}
