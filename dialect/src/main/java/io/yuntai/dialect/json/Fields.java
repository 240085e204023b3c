package io.yuntai.dialect.json;

import io.yuntai.dialect.ApiException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object by name and type. A field that is {@code null} counts as
 * absent. Every refusal carries the field's path.
 *
 * <p>For one thread; {@link #refuseUnknown} comes last.
 */
public final class Fields {
  private final JsonNode object;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param object a JSON object
   * @param path its own path; empty for the body
   */
  public Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The object at a place where there must be one. */
  public static Fields of(JsonNode node, String path) throws ApiException {
    if (!node.isObject()) {
      throw Refusals.wrongType(path, "an object", node);
    }
    return new Fields(node, path);
  }

  /** A field's path. */
  public String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** A field as it stands; null where it is absent or null. */
  public @Nullable JsonNode node(String name) {
    asked.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /** Whether a field is there, be it null. */
  public boolean has(String name) {
    asked.add(name);
    return object.has(name);
  }

  /** A text; empty where it is absent. */
  public Optional<String> text(String name, int maxChars) throws ApiException {
    JsonNode node = node(name);
    return node == null ? Optional.empty() : Optional.of(text(node, pathOf(name), maxChars));
  }

  /** The text that a value is. */
  public static String text(JsonNode node, String path, int maxChars) throws ApiException {
    if (!node.isString()) {
      throw Refusals.wrongType(path, "a string", node);
    }
    String text = node.stringValue();
    if (text.length() > maxChars) {
      throw Refusals.outOfRange(
          "string_above_max_length",
          path,
          "string too long. Expected a string with maximum length %d, but got a string with length %d instead"
              .formatted(maxChars, text.length()));
    }
    return text;
  }

  /** A text that must be there. */
  public String requiredText(String name, int maxChars) throws ApiException {
    Optional<String> text = text(name, maxChars);
    if (text.isEmpty()) {
      throw Refusals.missing(pathOf(name));
    }
    return text.get();
  }

  /** A boolean; false where it is absent. */
  public boolean flag(String name) throws ApiException {
    JsonNode node = node(name);
    if (node == null) {
      return false;
    }
    if (!node.isBoolean()) {
      throw Refusals.wrongType(pathOf(name), "a boolean", node);
    }
    return node.booleanValue();
  }

  /** An integer of a range, both ends included. */
  public OptionalInt integer(String name, int min, int max) throws ApiException {
    OptionalLong value = wide(name, min, max);
    return value.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(Math.toIntExact(value.getAsLong()));
  }

  /** An integer of a range, both ends included. */
  public OptionalLong wide(String name, long min, long max) throws ApiException {
    JsonNode node = node(name);
    return node == null
        ? OptionalLong.empty()
        : OptionalLong.of(wide(node, pathOf(name), min, max));
  }

  /** The integer that a value is. */
  public static long wide(JsonNode node, String path, long min, long max) throws ApiException {
    if (!node.isIntegralNumber()) {
      throw Refusals.wrongType(path, "an integer", node);
    }
    boolean fits = node.canConvertToLong();
    boolean below = fits ? node.longValue() < min : node.bigIntegerValue().signum() < 0;
    boolean above = fits ? node.longValue() > max : node.bigIntegerValue().signum() > 0;
    if (below) {
      throw Refusals.below("integer", path, Long.toString(min), node.toString());
    }
    if (above) {
      throw Refusals.above("integer", path, Long.toString(max), node.toString());
    }
    return node.longValue();
  }

  /** A number of a range, both ends included. */
  public OptionalDouble decimal(String name, double min, double max) throws ApiException {
    JsonNode node = node(name);
    return node == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(decimal(node, pathOf(name), min, max));
  }

  /** The number that a value is. */
  public static double decimal(JsonNode node, String path, double min, double max)
      throws ApiException {
    if (!node.isNumber()) {
      throw Refusals.wrongType(path, "a decimal", node);
    }
    double value =
        node.isIntegralNumber() ? node.bigIntegerValue().doubleValue() : node.doubleValue();
    if (value < min) {
      throw Refusals.below("decimal", path, plain(min), node.toString());
    }
    if (value > max || Double.isNaN(value)) {
      throw Refusals.above("decimal", path, plain(max), node.toString());
    }
    return value;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  /** An array of 1 to max elements. */
  public static void requireArray(@Nullable JsonNode node, String path, int max)
      throws ApiException {
    if (node == null || !node.isArray()) {
      throw node == null ? Refusals.missing(path) : Refusals.wrongType(path, "an array", node);
    }
    if (node.isEmpty()) {
      throw Refusals.emptyArray(path);
    }
    if (node.size() > max) {
      throw Refusals.longArray(path, max, node.size());
    }
  }

  /** Ends the reading: a field that nobody asked for is one that we don't know. */
  public void refuseUnknown() throws ApiException {
    for (String name : object.propertyNames()) {
      if (!asked.contains(name)) {
        throw Refusals.unknown(pathOf(name));
      }
    }
  }

  /** What a value is, as people say it. */
  public static String kindOf(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return node.isEmpty() ? "an empty array" : "an array";
    }
    if (node.isString()) {
      return "a string";
    }
    if (node.isBoolean()) {
      return "a boolean";
    }
    if (node.isIntegralNumber()) {
      return "an integer";
    }
    return node.isNumber() ? "a decimal number" : "null";
  }
}
