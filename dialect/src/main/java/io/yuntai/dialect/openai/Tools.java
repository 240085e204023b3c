package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}, which other APIs spell the
 * same.
 */
public final class Tools {
  /** OpenAI's bound. */
  private static final int MAX_TOOLS = 128;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final String FUNCTION = "function";
  private static final String CHOICES = "'none', 'auto', 'required' and a function by its name";

  private Tools() {}

  /** The tools of a request, and what it says of their use. */
  public static ToolUse of(Fields body) throws ApiException {
    List<Tool> tools = tools(body);
    Choice choice = choice(body, tools);
    JsonNode parallel = body.node("parallel_tool_calls");
    return new ToolUse(tools, choice, parallel == null || body.flag("parallel_tool_calls"));
  }

  private static List<Tool> tools(Fields body) throws ApiException {
    JsonNode node = body.node(TOOLS);
    if (node == null || (node.isArray() && node.isEmpty())) {
      return List.of();
    }
    Fields.requireArray(node, TOOLS, MAX_TOOLS);
    List<Tool> tools = new ArrayList<>(node.size());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < node.size(); i++) {
      String path = TOOLS + "[" + i + "]";
      Tool tool = tool(node.get(i), path);
      if (!names.add(tool.name())) {
        throw Refusals.outOfRange(
            "invalid_value",
            path + ".function.name",
            "two tools are called '%s'".formatted(tool.name()));
      }
      tools.add(tool);
    }
    return tools;
  }

  private static Tool tool(JsonNode node, String path) throws ApiException {
    Fields tool = Fields.of(node, path);
    Fields function = function(tool);
    String name = name(function);
    function.text("description", Integer.MAX_VALUE);
    function.flag("strict");
    JsonNode parameters = function.node("parameters");
    Map<String, Object> schema =
        parameters == null ? Map.of() : PlainJson.object(parameters, function.pathOf("parameters"));
    function.refuseUnknown();
    tool.refuseUnknown();
    return new Tool(name, PlainJson.object(node, path), schema);
  }

  /** The function of a tool, of a call or of a choice, which is of this type and no other. */
  static Fields function(Fields tool) throws ApiException {
    String type = tool.requiredText("type", Integer.MAX_VALUE);
    if (!type.equals(FUNCTION)) {
      throw Refusals.unsupportedValue(tool.pathOf("type"), "'" + type + "', only 'function',");
    }
    JsonNode function = tool.node(FUNCTION);
    if (function == null) {
      throw Refusals.missing(tool.pathOf(FUNCTION));
    }
    return Fields.of(function, tool.pathOf(FUNCTION));
  }

  static String name(Fields function) throws ApiException {
    String name = function.requiredText("name", Integer.MAX_VALUE);
    if (!NAME.matcher(name).matches()) {
      throw Refusals.outOfRange(
          "invalid_value",
          function.pathOf("name"),
          "a function's name has 1 to 64 letters, digits, underscores and dashes");
    }
    return name;
  }

  private static Choice choice(Fields body, List<Tool> tools) throws ApiException {
    JsonNode node = body.node(CHOICE);
    if (node == null) {
      return tools.isEmpty() ? new Choice.Never() : new Choice.Free();
    }
    Choice choice = node.isString() ? choice(node.stringValue()) : named(node, tools);
    boolean calls = choice instanceof Choice.Required || choice instanceof Choice.Named;
    if (calls && tools.isEmpty()) {
      throw Refusals.combination(
          CHOICE, "The 'tool_choice' parameter is only allowed when 'tools' are specified.");
    }
    return choice;
  }

  private static Choice choice(String word) throws ApiException {
    return switch (word) {
      case "none" -> new Choice.Never();
      case "auto" -> new Choice.Free();
      case "required" -> new Choice.Required();
      default -> throw Refusals.badValue(CHOICE, word, CHOICES);
    };
  }

  private static Choice named(JsonNode node, List<Tool> tools) throws ApiException {
    Fields choice = Fields.of(node, CHOICE);
    Fields function = function(choice);
    String name = name(function);
    function.refuseUnknown();
    choice.refuseUnknown();
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw Refusals.outOfRange(
          "invalid_value",
          function.pathOf("name"),
          "no tool of this request is called '%s'".formatted(name));
    }
    return new Choice.Named(name);
  }
}
