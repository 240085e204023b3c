package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EmbeddingRequest;
import io.yuntai.dialect.InputRole;
import io.yuntai.dialect.Prompt;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Truncation;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.JsonBody;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Bodies of {@code text-embedding} and {@code text-rerank} to requests. */
public final class DashScopeEncoders {
  private static final int MAX_TEXTS = 2048;
  private static final int MAX_DIMENSION = 1 << 20;
  private static final int MAX_INSTRUCTION_CHARS = 4096;

  private DashScopeEncoders() {}

  /**
   * Reads a request for vectors.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static EmbeddingRequest decodeEmbedding(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = DashScopeRequests.model(fields);
    Fields input = DashScopeRequests.input(fields);
    if (input.node("contents") != null) {
      throw Refusals.unsupported(input.pathOf("contents"));
    }
    List<Prompt> texts = new ArrayList<>();
    for (String text : texts(input, "texts")) {
      texts.add(new Prompt.Text(text));
    }
    Fields parameters = DashScopeRequests.parameters(fields);
    String type = parameters.text("output_type", 64).orElse("dense");
    if (!type.equals("dense")) {
      throw Refusals.unsupportedValue(
          parameters.pathOf("output_type"), "'" + type + "', only 'dense',");
    }
    InputRole role = role(parameters);
    return new EmbeddingRequest(
        model,
        texts,
        true,
        parameters.integer("dimension", 1, MAX_DIMENSION),
        false,
        new Truncation.Refuse(),
        role);
  }

  private static InputRole role(Fields parameters) throws ApiException {
    String type = parameters.text("text_type", 64).orElse("document");
    return switch (type) {
      case "document" -> new InputRole.Document();
      case "query" -> new InputRole.Query(instruction(parameters));
      default ->
          throw Refusals.badValue(parameters.pathOf("text_type"), type, "'query' and 'document'");
    };
  }

  private static String instruction(Fields parameters) throws ApiException {
    return parameters.text("instruct", MAX_INSTRUCTION_CHARS).orElse("");
  }

  /**
   * Reads a request to order documents.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static RerankRequest decodeRerank(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = DashScopeRequests.model(fields);
    Fields input = DashScopeRequests.input(fields);
    String query = input.requiredText("query", Integer.MAX_VALUE);
    requireNotEmpty(query, input.pathOf("query"));
    List<String> documents = texts(input, "documents");
    Fields parameters = DashScopeRequests.parameters(fields);
    return new RerankRequest(
        model,
        query,
        instruction(parameters),
        documents,
        parameters.integer("top_n", 1, Integer.MAX_VALUE).orElse(documents.size()),
        parameters.flag("return_documents"),
        new Truncation.Refuse());
  }

  /** One text or several, none empty; a document may be an object that holds its text. */
  private static List<String> texts(Fields input, String name) throws ApiException {
    JsonNode node = input.node(name);
    String path = input.pathOf(name);
    List<String> texts = new ArrayList<>();
    if (node != null && node.isString()) {
      texts.add(node.stringValue());
    } else {
      Fields.requireArray(node, path, MAX_TEXTS);
      for (int i = 0; node != null && i < node.size(); i++) {
        String at = path + "[" + i + "]";
        JsonNode text = node.get(i);
        texts.add(
            text.isObject()
                ? Fields.of(text, at).requiredText("text", Integer.MAX_VALUE)
                : Fields.text(text, at, Integer.MAX_VALUE));
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      requireNotEmpty(texts.get(i), path + "[" + i + "]");
    }
    return texts;
  }

  private static void requireNotEmpty(String text, String path) throws ApiException {
    if (text.isEmpty()) {
      throw Refusals.outOfRange("empty_string", path, "it is an empty string");
    }
  }
}
