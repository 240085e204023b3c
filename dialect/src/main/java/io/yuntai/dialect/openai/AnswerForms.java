package io.yuntai.dialect.openai;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.PlainJson;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields that hold an answer to a form: OpenAI's {@code response_format}, and what vLLM ({@code
 * guided_*}, {@code structured_outputs}) and llama.cpp ({@code grammar}, {@code json_schema}) call
 * the same. At most one of them counts.
 */
public final class AnswerForms {
  private static final int MAX_PATTERN_CHARS = 20_000;
  private static final int MAX_GRAMMAR_CHARS = 200_000;
  private static final int MAX_CHOICES = 10_000;
  private static final int MAX_CHOICE_CHARS = 100_000;
  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_DESCRIPTION_CHARS = 100_000;

  private AnswerForms() {}

  /** The form of a request's answers. */
  static AnswerForm of(Fields body) throws ApiException {
    List<AnswerForm> asked = new ArrayList<>();
    add(asked, responseFormat(body));
    add(asked, json(body.node("guided_json"), "guided_json"));
    add(asked, regex(body, "guided_regex"));
    add(asked, choice(body.node("guided_choice"), "guided_choice"));
    add(asked, grammar(body, "guided_grammar"));
    add(asked, grammar(body, "grammar"));
    add(asked, json(body.node("json_schema"), "json_schema"));
    structuredOutputs(body, asked);
    if (asked.size() > 1) {
      throw Refusals.combination(
          asked.get(1).field(),
          "Setting '%s' and '%s' at the same time is not supported."
              .formatted(asked.get(0).field(), asked.get(1).field()));
    }
    return asked.isEmpty() ? AnswerForm.FREE : asked.getFirst();
  }

  private static void add(List<AnswerForm> asked, @Nullable AnswerForm form) {
    if (form != null) {
      asked.add(form);
    }
  }

  /** {@code response_format}, which other APIs spell the same; null for any text. */
  public static @Nullable AnswerForm responseFormat(Fields body) throws ApiException {
    JsonNode node = body.node("response_format");
    if (node == null) {
      return null;
    }
    Fields format = Fields.of(node, "response_format");
    String type = format.requiredText("type", MAX_NAME_CHARS);
    AnswerForm form =
        switch (type) {
          case "text" -> null;
          case "json_object" -> new AnswerForm.JsonObject("response_format");
          case "json_schema" -> jsonSchema(format);
          default ->
              throw Refusals.badValue(
                  "response_format.type", type, "'text', 'json_object', and 'json_schema'");
        };
    format.refuseUnknown();
    return form;
  }

  private static AnswerForm jsonSchema(Fields format) throws ApiException {
    JsonNode node = format.node("json_schema");
    if (node == null) {
      throw Refusals.missing("response_format.json_schema");
    }
    Fields named = Fields.of(node, "response_format.json_schema");
    named.text("name", MAX_NAME_CHARS);
    named.text("description", MAX_DESCRIPTION_CHARS);
    // Held whether strict or not: a schema that is only a wish would be ignored, and nobody saw it.
    named.flag("strict");
    AnswerForm schema = json(named.node("schema"), "response_format.json_schema.schema");
    named.refuseUnknown();
    if (schema == null) {
      throw Refusals.missing("response_format.json_schema.schema");
    }
    return schema;
  }

  private static void structuredOutputs(Fields body, List<AnswerForm> asked) throws ApiException {
    JsonNode node = body.node("structured_outputs");
    if (node == null) {
      return;
    }
    Fields fields = Fields.of(node, "structured_outputs");
    add(asked, json(fields.node("json"), fields.pathOf("json")));
    add(asked, regex(fields, "regex"));
    add(asked, choice(fields.node("choice"), fields.pathOf("choice")));
    add(asked, grammar(fields, "grammar"));
    if (fields.flag("json_object")) {
      asked.add(new AnswerForm.JsonObject(fields.pathOf("json_object")));
    }
    fields.refuseUnknown();
  }

  /** A schema as an object or boolean, or as a text that holds one, as some clients send it. */
  private static @Nullable AnswerForm json(@Nullable JsonNode node, String path)
      throws ApiException {
    if (node == null) {
      return null;
    }
    JsonNode schema =
        node.isString()
            ? JsonBody.parse(node.stringValue().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            : node;
    if (!schema.isObject() && !schema.isBoolean()) {
      throw Refusals.wrongType(path, "a JSON Schema", schema);
    }
    Object parsed = PlainJson.exact(schema);
    return parsed == null ? null : new AnswerForm.JsonSchema(path, parsed);
  }

  private static @Nullable AnswerForm regex(Fields fields, String name) throws ApiException {
    return fields
        .text(name, MAX_PATTERN_CHARS)
        .map(pattern -> new AnswerForm.Regex(fields.pathOf(name), pattern))
        .orElse(null);
  }

  private static @Nullable AnswerForm grammar(Fields fields, String name) throws ApiException {
    return fields
        .text(name, MAX_GRAMMAR_CHARS)
        .map(source -> new AnswerForm.Gbnf(fields.pathOf(name), source))
        .orElse(null);
  }

  private static @Nullable AnswerForm choice(@Nullable JsonNode node, String path)
      throws ApiException {
    if (node == null) {
      return null;
    }
    Fields.requireArray(node, path, MAX_CHOICES);
    List<String> texts = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      texts.add(Fields.text(node.get(i), path + "[" + i + "]", MAX_CHOICE_CHARS));
    }
    return new AnswerForm.Choice(path, texts);
  }
}
