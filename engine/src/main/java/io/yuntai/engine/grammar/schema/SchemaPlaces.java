package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonValue.JsonArray;
import io.yuntai.engine.grammar.schema.JsonValue.JsonObject;
import io.yuntai.engine.grammar.schema.JsonValue.JsonText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code $ref} can mean: a place of the same document, by JSON Pointer (RFC 6901) or anchor.
 */
final class SchemaPlaces {
  private static final int MAX_DEPTH = 256;

  private final String rootId;
  private final Map<String, String> anchors;

  private SchemaPlaces(String rootId, Map<String, String> anchors) {
    this.rootId = rootId;
    this.anchors = anchors;
  }

  /** The places of a schema. */
  static SchemaPlaces of(JsonValue root) throws GrammarException {
    Map<String, String> anchors = new HashMap<>();
    collect(root, "#", anchors, 0);
    String id =
        root instanceof JsonObject(Map<String, JsonValue> members)
                && members.get("$id") instanceof JsonText(String text)
            ? text
            : "";
    return new SchemaPlaces(id, anchors);
  }

  private static void collect(
      JsonValue value, String pointer, Map<String, String> anchors, int depth)
      throws GrammarException {
    if (depth > MAX_DEPTH) {
      throw new GrammarException("", "the schema is nested deeper than " + MAX_DEPTH);
    }
    switch (value) {
      case JsonArray(List<JsonValue> items) -> {
        for (int i = 0; i < items.size(); i++) {
          collect(items.get(i), pointer + "/" + i, anchors, depth + 1);
        }
      }
      case JsonObject(Map<String, JsonValue> members) -> {
        if (members.get("$anchor") instanceof JsonText(String anchor)) {
          anchors.putIfAbsent(anchor, pointer);
        }
        for (Map.Entry<String, JsonValue> member : members.entrySet()) {
          collect(member.getValue(), pointer + "/" + escape(member.getKey()), anchors, depth + 1);
        }
      }
      default -> {}
    }
  }

  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** The pointer that a reference means. */
  String resolve(String from, String reference) throws GrammarException {
    String local =
        !rootId.isEmpty() && reference.startsWith(rootId.replaceFirst("#$", ""))
            ? reference.substring(rootId.replaceFirst("#$", "").length())
            : reference;
    if (local.isEmpty() || local.equals("#")) {
      return "#";
    }
    if (!local.startsWith("#")) {
      throw new GrammarException(
          from,
          "the keyword '$ref': '%s' is not in this document; only references such as '#/$defs/name' are supported"
              .formatted(reference));
    }
    String fragment = decoded(from, reference, local.substring(1));
    if (fragment.startsWith("/")) {
      return "#" + fragment;
    }
    String anchor = anchors.get(fragment);
    if (anchor == null) {
      throw new GrammarException(
          from, "the keyword '$ref': there is no anchor '%s'".formatted(fragment));
    }
    return anchor;
  }

  private static String decoded(String from, String reference, String fragment)
      throws GrammarException {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new GrammarException(
          from, "the keyword '$ref': '%s' is not a URI reference".formatted(reference));
    }
  }

  /** The value at a pointer. */
  JsonValue at(JsonValue root, String pointer) throws GrammarException {
    JsonValue value = root;
    if (pointer.equals("#")) {
      return value;
    }
    String[] names = pointer.substring(2).split("/", -1);
    for (int i = 0; i < names.length; i++) {
      String name = names[i].replace("~1", "/").replace("~0", "~");
      JsonValue next =
          switch (value) {
            case JsonObject(Map<String, JsonValue> members) -> members.get(name);
            case JsonArray(List<JsonValue> items) when isIndex(name, items.size()) ->
                items.get(Integer.parseInt(name));
            default -> null;
          };
      if (next == null) {
        throw new GrammarException(pointer, "a '$ref' leads here, where there is nothing");
      }
      if (next instanceof JsonObject(Map<String, JsonValue> members)) {
        refuseOwnIdentity(pointer, members);
      }
      value = next;
    }
    return value;
  }

  /** A schema inside that names itself changes what references in it mean. */
  private static void refuseOwnIdentity(String pointer, Map<String, JsonValue> members)
      throws GrammarException {
    if (members.get("$id") instanceof JsonText) {
      throw new GrammarException(
          pointer, "the keyword '$id': it is supported only at the schema's root");
    }
  }

  private static boolean isIndex(String name, int size) {
    return name.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(name) < size;
  }
}
