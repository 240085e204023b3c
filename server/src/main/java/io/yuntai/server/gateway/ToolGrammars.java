package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.MemberTags;
import io.yuntai.engine.grammar.schema.MemberTypes;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import io.yuntai.engine.grammar.schema.TaggedObject;
import io.yuntai.server.output.CallSyntax;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What answers that may call tools are held to: calls well-formed, of the tools that there are,
 * with arguments that satisfy the tools' schemas.
 *
 * <p>A tool with {@code strict} is refused where its schema can't be held; another tool's arguments
 * are then any JSON object, as OpenAI's are.
 */
final class ToolGrammars {
  private static final String TYPE = "type";
  private static final String OBJECT = "object";
  private static final Set<String> TYPES =
      Set.of("null", "boolean", "integer", "number", "string", "array", OBJECT);

  private ToolGrammars() {}

  /**
   * The grammar of a request's answers.
   *
   * @param use at least one tool that may be called
   * @param choice in place of {@code use}'s
   * @param reasons whether thoughts come before the answer
   * @throws ApiException for a strict tool whose schema can't be held
   */
  static HeldAnswer of(ToolUse use, Choice choice, CallSyntax syntax, boolean reasons)
      throws ApiException {
    Map<String, Grammar> grammars = new HashMap<>();
    Map<String, MemberTypes> types = new HashMap<>();
    for (int i = 0; i < use.tools().size(); i++) {
      Tool tool = use.tools().get(i);
      if (!(choice instanceof Choice.Named named) || named.name().equals(tool.name())) {
        if (syntax.tags().isPresent()) {
          TaggedObject arguments = tagged(tool, i, syntax.tags().get());
          grammars.put(tool.name(), arguments.grammar());
          types.put(tool.name(), arguments.types());
        } else {
          grammars.put(tool.name(), arguments(tool, i));
          types.put(tool.name(), MemberTypes.ANY);
        }
      }
    }
    boolean mustCall = !(choice instanceof Choice.Free);
    boolean parallel = use.parallel() && !(choice instanceof Choice.Named);
    try {
      return new HeldAnswer(syntax.answers(grammars, mustCall, parallel, reasons), types);
    } catch (GrammarException e) {
      throw AnswerGrammars.refused("tools", e);
    }
  }

  private static Grammar arguments(Tool tool, int index) throws ApiException {
    if (tool.parameters().isEmpty()) {
      return JsonSchemas.anyObject();
    }
    try {
      return JsonSchemas.compile(schema(tool), PropertyOrder.SCHEMA);
    } catch (GrammarException e) {
      refuseIfStrict(tool, index, e);
      return JsonSchemas.anyObject();
    }
  }

  private static TaggedObject tagged(Tool tool, int index, MemberTags tags) throws ApiException {
    try {
      try {
        return TaggedObject.compile(schema(tool), tags);
      } catch (GrammarException e) {
        refuseIfStrict(tool, index, e);
        return TaggedObject.compile(typesOnly(tool), tags);
      }
    } catch (GrammarException e) {
      throw AnswerGrammars.refused(field(index), e);
    }
  }

  private static JsonValue schema(Tool tool) throws GrammarException {
    Map<String, Object> schema = new LinkedHashMap<>(tool.parameters());
    schema.putIfAbsent(TYPE, OBJECT);
    if (!OBJECT.equals(schema.get(TYPE))) {
      throw new GrammarException("/" + TYPE, "a tool's arguments are of type 'object'");
    }
    return JsonValue.of(schema);
  }

  /** Of a schema that can't be held, what tells strings from other values. */
  private static JsonValue typesOnly(Tool tool) throws GrammarException {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (tool.parameters().get("properties") instanceof Map<?, ?> named) {
      named.forEach((name, property) -> {
        if (property instanceof Map<?, ?> keywords
            && keywords.get(TYPE) instanceof String type
            && TYPES.contains(type)
            && TaggedObject.canName((String) name)) {
          properties.put((String) name, Map.of(TYPE, type));
        }
      });
    }
    return JsonValue.of(Map.of(TYPE, OBJECT, "properties", properties));
  }

  private static void refuseIfStrict(Tool tool, int index, GrammarException e) throws ApiException {
    if (isStrict(tool)) {
      throw AnswerGrammars.refused(field(index), e);
    }
  }

  private static String field(int index) {
    return "tools[%d].function.parameters".formatted(index);
  }

  private static boolean isStrict(Tool tool) {
    return tool.definition().get("function") instanceof Map<?, ?> function
        && Boolean.TRUE.equals(function.get("strict"));
  }
}
