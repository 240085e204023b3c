package io.yuntai.dialect.anthropic;

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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** {@code tools} and {@code tool_choice}. */
final class AnthropicTools {
  /** Agents with several MCP servers bring some hundred. */
  private static final int MAX_TOOLS = 512;

  /** Anthropic's bound. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final String CHOICES = "'auto', 'any', 'tool' and 'none'";

  private AnthropicTools() {}

  static ToolUse of(Fields body) throws ApiException {
    List<Tool> tools = tools(body);
    JsonNode node = body.node(CHOICE);
    if (node == null) {
      return new ToolUse(tools, tools.isEmpty() ? new Choice.Never() : new Choice.Free(), true);
    }
    Fields fields = Fields.of(node, CHOICE);
    Choice choice = choice(fields, tools);
    return new ToolUse(tools, choice, !fields.flag("disable_parallel_tool_use"));
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
      String path = TOOLS + "." + i;
      Tool tool = tool(Fields.of(node.get(i), path), path);
      if (!names.add(tool.name())) {
        throw Refusals.outOfRange(
            "invalid_value", path + ".name", "two tools are called '%s'".formatted(tool.name()));
      }
      tools.add(tool);
    }
    return tools;
  }

  private static Tool tool(Fields tool, String path) throws ApiException {
    Optional<String> type = tool.text("type", Integer.MAX_VALUE);
    if (type.isPresent() && !type.get().equals("custom")) {
      throw Refusals.unsupportedValue(path, "tools of type '" + type.get() + "', only 'custom',");
    }
    String name = name(tool);
    Optional<String> description = tool.text("description", Integer.MAX_VALUE);
    JsonNode schema = tool.node("input_schema");
    if (schema == null) {
      throw Refusals.missing(tool.pathOf("input_schema"));
    }
    Map<String, Object> parameters = PlainJson.object(schema, tool.pathOf("input_schema"));
    boolean strict = tool.flag("strict");
    return new Tool(name, definition(name, description, parameters, strict), parameters);
  }

  /** As chat templates know tools, which is as OpenAI spells them. */
  private static Map<String, Object> definition(
      String name, Optional<String> description, Map<String, Object> parameters, boolean strict) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    description.ifPresent(text -> function.put("description", text));
    function.put("parameters", parameters);
    if (strict) {
      function.put("strict", true);
    }
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("type", "function");
    definition.put("function", function);
    return definition;
  }

  /** The name of a tool or of a call. */
  static String name(Fields fields) throws ApiException {
    String name = fields.requiredText("name", Integer.MAX_VALUE);
    if (!NAME.matcher(name).matches()) {
      throw Refusals.outOfRange(
          "invalid_value",
          fields.pathOf("name"),
          "a tool's name has 1 to 128 letters, digits, underscores and dashes");
    }
    return name;
  }

  private static Choice choice(Fields choice, List<Tool> tools) throws ApiException {
    String type = choice.requiredText("type", 64);
    Choice made =
        switch (type) {
          case "auto" -> new Choice.Free();
          case "any" -> new Choice.Required();
          case "none" -> new Choice.Never();
          case "tool" -> named(choice, tools);
          default -> throw Refusals.badValue(CHOICE + ".type", type, CHOICES);
        };
    if (made instanceof Choice.Required && tools.isEmpty()) {
      throw Refusals.combination(
          CHOICE, "tool_choice: 'any' is only allowed where there are tools.");
    }
    return made;
  }

  private static Choice named(Fields choice, List<Tool> tools) throws ApiException {
    String name = name(choice);
    if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw Refusals.outOfRange(
          "invalid_value",
          CHOICE + ".name",
          "no tool of this request is called '%s'".formatted(name));
    }
    return new Choice.Named(name);
  }
}
