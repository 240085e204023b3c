package io.yuntai.dialect.responses;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}.
 *
 * @param use the tools as functions
 * @param custom names of those that take free text
 */
record ResponseTools(ToolUse use, Set<String> custom) {
  /** The one argument of a custom tool when it is a function. */
  static final String INPUT = "input";

  private static final int MAX_TOOLS = 256;
  private static final int MAX_WORD_CHARS = 64;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  /** OpenAI runs them; agents send them along in any case, and do without where nobody calls. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "web_search",
          "web_search_2025_08_26",
          "web_search_preview",
          "web_search_preview_2025_03_11",
          "local_shell",
          "shell",
          "image_generation",
          "tool_search",
          "namespace");

  static ResponseTools of(Fields body) throws ApiException {
    List<Tool> tools = new ArrayList<>();
    Set<String> custom = new HashSet<>();
    JsonNode node = body.node("tools");
    if (node != null && !(node.isArray() && node.isEmpty())) {
      Fields.requireArray(node, "tools", MAX_TOOLS);
      Set<String> names = new HashSet<>();
      for (int i = 0; i < node.size(); i++) {
        Tool tool = tool(node.get(i), "tools[" + i + "]", custom);
        if (tool != null && !names.add(tool.name())) {
          throw Refusals.outOfRange(
              "invalid_value",
              "tools[" + i + "].name",
              "two tools are called '%s'".formatted(tool.name()));
        }
        if (tool != null) {
          tools.add(tool);
        }
      }
    }
    JsonNode parallel = body.node("parallel_tool_calls");
    boolean several = parallel == null || body.flag("parallel_tool_calls");
    return choose(body.node("tool_choice"), tools, several, custom);
  }

  private static @Nullable Tool tool(JsonNode node, String path, Set<String> custom)
      throws ApiException {
    Fields tool = Fields.of(node, path);
    String type = tool.requiredText("type", MAX_WORD_CHARS);
    if (LEFT_OUT.contains(type)) {
      return null;
    }
    return switch (type) {
      case "function" -> function(tool);
      case "custom" -> {
        Tool made = custom(tool);
        custom.add(made.name());
        yield made;
      }
      default ->
          throw Refusals.unsupportedValue(
              tool.pathOf("type"), "'" + type + "', only 'function' and 'custom',");
    };
  }

  private static Tool function(Fields tool) throws ApiException {
    String name = name(tool);
    String description = tool.text("description", Integer.MAX_VALUE).orElse("");
    boolean strict = tool.flag("strict");
    tool.node("defer_loading");
    JsonNode node = tool.node("parameters");
    Map<String, Object> schema =
        node == null ? Map.of() : PlainJson.object(node, tool.pathOf("parameters"));
    tool.refuseUnknown();
    return tool(name, description, schema, strict);
  }

  /** Free text becomes the one argument of a function, which is turned back in the answer. */
  private static Tool custom(Fields tool) throws ApiException {
    String name = name(tool);
    String description = tool.text("description", Integer.MAX_VALUE).orElse("");
    // A grammar of the text: told to the model in the description at best, not enforced.
    tool.node("format");
    tool.node("defer_loading");
    tool.refuseUnknown();
    Map<String, Object> input = Map.of("type", "string");
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", Map.of(INPUT, input));
    schema.put("required", List.of(INPUT));
    schema.put("additionalProperties", false);
    return tool(name, description, schema, false);
  }

  /** As chat templates take it: OpenAI's older shape. */
  private static Tool tool(
      String name, String description, Map<String, Object> schema, boolean strict) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    if (!description.isEmpty()) {
      function.put("description", description);
    }
    if (!schema.isEmpty()) {
      function.put("parameters", schema);
    }
    if (strict) {
      function.put("strict", true);
    }
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("type", "function");
    definition.put("function", function);
    return new Tool(name, definition, schema);
  }

  private static String name(Fields tool) throws ApiException {
    String name = tool.requiredText("name", Integer.MAX_VALUE);
    if (!NAME.matcher(name).matches()) {
      throw Refusals.outOfRange(
          "invalid_value",
          tool.pathOf("name"),
          "a tool's name has 1 to 64 letters, digits, underscores and dashes");
    }
    return name;
  }

  private static ResponseTools choose(
      @Nullable JsonNode node, List<Tool> tools, boolean parallel, Set<String> custom)
      throws ApiException {
    if (node == null) {
      Choice choice = tools.isEmpty() ? new Choice.Never() : new Choice.Free();
      return new ResponseTools(new ToolUse(tools, choice, parallel), custom);
    }
    if (node.isString()) {
      Choice choice = word(node.stringValue(), "tool_choice", tools);
      return new ResponseTools(new ToolUse(tools, choice, parallel), custom);
    }
    Fields choice = Fields.of(node, "tool_choice");
    String type = choice.requiredText("type", MAX_WORD_CHARS);
    return switch (type) {
      case "function", "custom" -> {
        String name = known(choice, tools);
        choice.refuseUnknown();
        yield new ResponseTools(new ToolUse(tools, new Choice.Named(name), parallel), custom);
      }
      case "allowed_tools" -> {
        List<Tool> rest = allowed(choice, tools);
        String mode = choice.requiredText("mode", MAX_WORD_CHARS);
        choice.refuseUnknown();
        Choice how = word(mode, "tool_choice.mode", rest);
        yield new ResponseTools(new ToolUse(rest, how, parallel), custom);
      }
      default -> throw Refusals.unsupportedValue("tool_choice.type", "'" + type + "'");
    };
  }

  private static List<Tool> allowed(Fields choice, List<Tool> tools) throws ApiException {
    JsonNode list = choice.node("tools");
    Fields.requireArray(list, "tool_choice.tools", MAX_TOOLS);
    Set<String> allowed = new HashSet<>();
    for (int i = 0; list != null && i < list.size(); i++) {
      Fields entry = Fields.of(list.get(i), "tool_choice.tools[" + i + "]");
      if (!LEFT_OUT.contains(entry.requiredText("type", MAX_WORD_CHARS))) {
        allowed.add(known(entry, tools));
      }
    }
    return tools.stream().filter(tool -> allowed.contains(tool.name())).toList();
  }

  private static String known(Fields choice, List<Tool> tools) throws ApiException {
    String name = choice.requiredText("name", MAX_WORD_CHARS);
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw Refusals.outOfRange(
          "invalid_value",
          choice.pathOf("name"),
          "no tool of this request is called '%s'".formatted(name));
    }
    return name;
  }

  private static Choice word(String word, String path, List<Tool> tools) throws ApiException {
    return switch (word) {
      case "none" -> new Choice.Never();
      case "auto" -> tools.isEmpty() ? new Choice.Never() : new Choice.Free();
      case "required" -> {
        if (tools.isEmpty()) {
          throw Refusals.combination(
              path, "The value 'required' is only allowed when there are tools to call.");
        }
        yield new Choice.Required();
      }
      default -> throw Refusals.badValue(path, word, "'none', 'auto' and 'required'");
    };
  }

  /** The schema of {@code text.format}. */
  static AnswerForm schema(Fields format) throws ApiException {
    format.requiredText("name", MAX_WORD_CHARS);
    format.text("description", Integer.MAX_VALUE);
    format.flag("strict");
    JsonNode schema = format.node("schema");
    if (schema == null) {
      throw Refusals.missing(format.pathOf("schema"));
    }
    Object parsed = PlainJson.exact(schema);
    if (!schema.isObject() || parsed == null) {
      throw Refusals.wrongType(format.pathOf("schema"), "a JSON Schema", schema);
    }
    return new AnswerForm.JsonSchema(format.pathOf("schema"), parsed);
  }
}
