package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Fields that hold one text, its token ids, or a list of either. */
final class Prompts {
  private Prompts() {}

  /**
   * Reads such a field.
   *
   * @param name its name
   * @param max most entries of a list
   */
  static List<Prompt> of(Fields fields, String name, int max) throws ApiException {
    JsonNode node = fields.node(name);
    if (node == null) {
      throw Refusals.missing(name);
    }
    if (node.isString()) {
      return List.of(new Prompt.Text(node.stringValue()));
    }
    if (!node.isArray()) {
      throw Refusals.wrongType(name, "a string or an array", node);
    }
    if (node.isEmpty()) {
      throw Refusals.emptyArray(name);
    }
    if (node.get(0).isNumber()) {
      return List.of(tokens(node, name));
    }
    Fields.requireArray(node, name, max);
    List<Prompt> prompts = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      prompts.add(prompt(node.get(i), node.get(0), name + "[" + i + "]"));
    }
    return prompts;
  }

  /** One prompt of several, which are all of the first one's kind. */
  private static Prompt prompt(JsonNode node, JsonNode first, String path) throws ApiException {
    if (first.isString() && node.isString()) {
      return new Prompt.Text(node.stringValue());
    }
    if (first.isArray() && node.isArray()) {
      if (node.isEmpty()) {
        throw Refusals.emptyArray(path);
      }
      return tokens(node, path);
    }
    String expected =
        first.isString()
            ? "a string"
            : first.isArray() ? "an array of token ids" : "a string, an integer or an array";
    throw Refusals.wrongType(path, expected, node);
  }

  private static Prompt tokens(JsonNode node, String path) throws ApiException {
    List<Integer> ids = new ArrayList<>(node.size());
    int i = 0;
    for (JsonNode id : node.values()) {
      ids.add((int) Fields.wide(id, path + "[" + i + "]", 0, Integer.MAX_VALUE));
      i++;
    }
    return new Prompt.Tokens(ids);
  }
}
