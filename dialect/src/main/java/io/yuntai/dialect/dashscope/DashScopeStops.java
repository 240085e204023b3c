package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What ends an answer.
 *
 * @param texts none empty
 * @param tokens sequences of token ids, none empty
 */
record DashScopeStops(List<String> texts, List<List<Integer>> tokens) {
  private static final String STOP = "stop";
  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_CHARS = 1024;

  /** A text, texts, token ids, or lists of token ids; texts and ids are not mixed. */
  static DashScopeStops of(Fields parameters) throws ApiException {
    JsonNode node = parameters.node(STOP);
    String path = parameters.pathOf(STOP);
    if (node == null || (node.isArray() && node.isEmpty())) {
      return new DashScopeStops(List.of(), List.of());
    }
    if (node.isString()) {
      return new DashScopeStops(List.of(text(node, path)), List.of());
    }
    if (!node.isArray()) {
      throw Refusals.wrongType(path, "a string or an array", node);
    }
    Fields.requireArray(node, path, MAX_STOPS);
    List<String> texts = new ArrayList<>();
    List<List<Integer>> tokens = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode stop = node.get(i);
      String at = path + "[" + i + "]";
      if (node.get(0).isString()) {
        texts.add(text(stop, at));
      } else if (stop.isArray()) {
        tokens.add(tokens(stop, at));
      } else {
        tokens.add(List.of(token(stop, at)));
      }
    }
    return new DashScopeStops(texts, tokens);
  }

  private static String text(JsonNode node, String path) throws ApiException {
    String text = Fields.text(node, path, MAX_STOP_CHARS);
    if (text.isEmpty()) {
      throw Refusals.outOfRange("empty_string", path, "it is an empty string");
    }
    return text;
  }

  private static List<Integer> tokens(JsonNode node, String path) throws ApiException {
    Fields.requireArray(node, path, MAX_STOPS);
    List<Integer> ids = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      ids.add(token(node.get(i), path + "[" + i + "]"));
    }
    return ids;
  }

  private static int token(JsonNode node, String path) throws ApiException {
    return (int) Fields.wide(node, path, 0, Integer.MAX_VALUE);
  }
}
