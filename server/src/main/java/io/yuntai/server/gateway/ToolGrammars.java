package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.dialect.ToolUse.Choice;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.GrammarException;
import io.yuntai.engine.grammar.schema.JsonSchemas;
import io.yuntai.engine.grammar.schema.JsonValue;
import io.yuntai.engine.grammar.schema.PropertyOrder;
import io.yuntai.server.output.CallSyntax;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What answers that may call tools are held to: calls well-formed, of the tools that there are,
 * with arguments that satisfy the tools' schemas.
 *
 * <p>A tool with {@code strict} is refused where its schema can't be held; another tool's arguments
 * are then any JSON object, as OpenAI's are.
 */
final class ToolGrammars {
  private static final String TYPE = "type";

  private ToolGrammars() {}

  /**
   * The grammar of a request's answers.
   *
   * @param use at least one tool that may be called
   * @param choice in place of {@code use}'s
   * @param reasons whether thoughts come before the answer
   * @throws ApiException for a strict tool whose schema can't be held
   */
  static Grammar of(ToolUse use, Choice choice, CallSyntax syntax, boolean reasons)
      throws ApiException {
    Map<String, Grammar> arguments = new HashMap<>();
    for (int i = 0; i < use.tools().size(); i++) {
      Tool tool = use.tools().get(i);
      if (!(choice instanceof Choice.Named named) || named.name().equals(tool.name())) {
        arguments.put(tool.name(), arguments(tool, i));
      }
    }
    boolean mustCall = !(choice instanceof Choice.Free);
    boolean parallel = use.parallel() && !(choice instanceof Choice.Named);
    try {
      return syntax.answers(arguments, mustCall, parallel, reasons);
    } catch (GrammarException e) {
      throw AnswerGrammars.refused("tools", e);
    }
  }

  private static Grammar arguments(Tool tool, int index) throws ApiException {
    if (tool.parameters().isEmpty()) {
      return JsonSchemas.anyObject();
    }
    Map<String, Object> schema = new LinkedHashMap<>(tool.parameters());
    schema.putIfAbsent(TYPE, "object");
    try {
      if (!"object".equals(schema.get(TYPE))) {
        throw new GrammarException("/" + TYPE, "a tool's arguments are of type 'object'");
      }
      return JsonSchemas.compile(JsonValue.of(schema), PropertyOrder.SCHEMA);
    } catch (GrammarException e) {
      if (isStrict(tool)) {
        throw AnswerGrammars.refused("tools[%d].function.parameters".formatted(index), e);
      }
      return JsonSchemas.anyObject();
    }
  }

  private static boolean isStrict(Tool tool) {
    return tool.definition().get("function") instanceof Map<?, ?> function
        && Boolean.TRUE.equals(function.get("strict"));
  }
}
