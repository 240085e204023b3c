package io.yuntai.dialect.json;

import io.yuntai.dialect.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Parsed JSON without a library's types. */
public final class PlainJson {
  private PlainJson() {}

  /** JSON as templates take it: null, Boolean, Long, Double, String, List, Map. */
  public static @Nullable Object of(JsonNode node, String path) throws ApiException {
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        map.put(entry.getKey(), of(entry.getValue(), path + "." + entry.getKey()));
      }
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>(node.size());
      for (JsonNode element : node.values()) {
        list.add(of(element, path));
      }
      return list;
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber()) {
      return Fields.wide(node, path, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return node.isNumber() ? (Object) node.doubleValue() : null;
  }

  /** JSON with its numbers as they are: null, Boolean, BigInteger, BigDecimal, and so on. */
  public static @Nullable Object exact(JsonNode node) {
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      node.properties().forEach(entry -> map.put(entry.getKey(), exact(entry.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>(node.size());
      node.values().forEach(element -> list.add(exact(element)));
      return list;
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue();
    }
    return node.isNumber() ? (Object) node.decimalValue() : null;
  }

  /** An object's values; those that are null are left out. */
  public static Map<String, Object> object(JsonNode node, String path) throws ApiException {
    if (!node.isObject()) {
      throw Refusals.wrongType(path, "an object", node);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Object value = of(entry.getValue(), path + "." + entry.getKey());
      if (value != null) {
        map.put(entry.getKey(), value);
      }
    }
    return map;
  }
}
