package io.yuntai.dialect.openai;

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
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * Bodies of {@code POST /v1/embeddings} (OpenAI's) and {@code POST /v1/rerank} (what Jina, Cohere
 * and DashScope have in common) to requests.
 */
public final class EncoderRequests {
  /** OpenAI's documented limit. */
  static final int MAX_INPUTS = 2048;

  /** As many as Jina takes. */
  static final int MAX_DOCUMENTS = 2048;

  private static final int MAX_DIMENSIONS = 1 << 20;

  /** Those that a model adds, and one of the text. */
  private static final int MIN_TRUNCATION_TOKENS = 4;

  /** vLLM's name, for both kinds of request. */
  private static final String TRUNCATION = "truncate_prompt_tokens";

  private static final int MAX_INSTRUCTION = 4096;
  private static final String QUERY = "query";
  private static final String DOCUMENT = "document";

  private EncoderRequests() {}

  /**
   * Reads a request for vectors.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static EmbeddingRequest decodeEmbedding(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = OpenAiRequests.model(fields);
    List<Prompt> inputs = Prompts.of(fields, "input", MAX_INPUTS);
    JsonNode input = fields.node("input");
    boolean isList = input != null && input.isArray() && !input.get(0).isNumber();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i) instanceof Prompt.Text(String text)) {
        requireNotEmpty(text, isList ? "input[" + i + "]" : "input");
      }
    }
    OptionalInt dimensions = fields.integer("dimensions", 1, MAX_DIMENSIONS);
    boolean base64 = base64(fields);
    Truncation truncation = truncation(fields);
    InputRole role = role(fields);
    fields.text("user", 1024); // changes no answer
    fields.refuseUnknown();
    return new EmbeddingRequest(model, inputs, isList, dimensions, base64, truncation, role);
  }

  /**
   * Reads a request to order documents.
   *
   * @param body UTF-8 JSON
   * @throws ApiException with status 400 and the path of what is wrong
   */
  public static RerankRequest decodeRerank(byte[] body) throws ApiException {
    Fields fields = new Fields(JsonBody.parse(body), "");
    String model = OpenAiRequests.model(fields);
    String query = fields.requiredText("query", Integer.MAX_VALUE);
    requireNotEmpty(query, "query");
    String instruction = instruction(fields).orElse("");
    List<String> documents = documents(fields);
    int top = fields.integer("top_n", 1, Integer.MAX_VALUE).orElse(documents.size());
    boolean returnDocuments = fields.flag("return_documents");
    Truncation truncation = truncation(fields);
    fields.text("user", 1024);
    fields.refuseUnknown();
    return new RerankRequest(
        model, query, instruction, documents, top, returnDocuments, truncation);
  }

  private static InputRole role(Fields fields) throws ApiException {
    Optional<String> instruction = instruction(fields);
    Optional<String> type = fields.text("input_type", 64);
    boolean isQuery =
        switch (type.orElse(instruction.isPresent() ? QUERY : DOCUMENT)) {
          case QUERY -> true;
          case DOCUMENT -> false;
          default -> throw Refusals.badValue("input_type", type.get(), "'query' and 'document'");
        };
    if (!isQuery && instruction.isPresent()) {
      throw Refusals.badValue(
          "input_type", DOCUMENT, "'query' beside an instruction, which is for queries");
    }
    return isQuery ? new InputRole.Query(instruction.orElse("")) : new InputRole.Document();
  }

  /** On one line, as it stands in a prompt. */
  private static Optional<String> instruction(Fields fields) throws ApiException {
    return fields
        .text("instruct", MAX_INSTRUCTION)
        .map(text -> text.strip().replaceAll("\\R", " "))
        .filter(text -> !text.isEmpty());
  }

  private static boolean base64(Fields fields) throws ApiException {
    Optional<String> format = fields.text("encoding_format", 64);
    return switch (format.orElse("float")) {
      case "float" -> false;
      case "base64" -> true;
      default -> throw Refusals.badValue("encoding_format", format.get(), "'float' and 'base64'");
    };
  }

  private static Truncation truncation(Fields fields) throws ApiException {
    OptionalInt tokens = fields.integer(TRUNCATION, -1, Integer.MAX_VALUE);
    if (tokens.isEmpty()) {
      return new Truncation.Refuse();
    }
    if (tokens.getAsInt() == -1) {
      return new Truncation.ToContext();
    }
    if (tokens.getAsInt() < MIN_TRUNCATION_TOKENS) {
      throw Refusals.below(
          "integer",
          TRUNCATION,
          MIN_TRUNCATION_TOKENS + ", or -1 for the model's context",
          Integer.toString(tokens.getAsInt()));
    }
    return new Truncation.ToTokens(tokens.getAsInt());
  }

  private static List<String> documents(Fields fields) throws ApiException {
    JsonNode node = fields.node("documents");
    Fields.requireArray(node, "documents", MAX_DOCUMENTS);
    List<String> documents = new ArrayList<>();
    for (int i = 0; node != null && i < node.size(); i++) {
      String path = "documents[" + i + "]";
      String document = document(node.get(i), path);
      requireNotEmpty(document, path);
      documents.add(document);
    }
    return documents;
  }

  /** A string, or Cohere's and Jina's object with a text. */
  private static String document(JsonNode node, String path) throws ApiException {
    if (!node.isObject()) {
      return Fields.text(node, path, Integer.MAX_VALUE);
    }
    Fields document = Fields.of(node, path);
    String text = document.requiredText("text", Integer.MAX_VALUE);
    document.refuseUnknown();
    return text;
  }

  private static void requireNotEmpty(String text, String path) throws ApiException {
    if (text.isEmpty()) {
      throw Refusals.outOfRange("empty_string", path, "it is an empty string");
    }
  }
}
