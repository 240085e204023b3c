package io.yuntai.console.develop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Code that asks one question and prints the answer as it comes: a file for each API and language,
 * which needs nothing but the language itself. Texts stand in it as strings of JSON, which are
 * strings of Python, JavaScript and Java too.
 */
public final class Snippets {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<Dialect, Map<ProgramLanguage, String>> templates = new EnumMap<>(Dialect.class);

  /** Reads them. */
  public Snippets() {
    for (Dialect dialect : Dialect.values()) {
      Map<ProgramLanguage, String> of = new EnumMap<>(ProgramLanguage.class);
      for (ProgramLanguage language : ProgramLanguage.values()) {
        of.put(language, read("snippets/" + dialect.id() + "." + language.id() + ".txt"));
      }
      templates.put(dialect, of);
    }
  }

  private static String read(String name) {
    try (InputStream in = Snippets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is asked.
   *
   * @param url the server's address, without a slash at its end
   * @param model which model
   * @param prompt the question
   * @param mostTokens of the answer
   */
  public record Question(String url, String model, String prompt, int mostTokens) {}

  /** Code that asks, which reads its key from {@code YUNTAI_API_KEY}. */
  public String code(Dialect dialect, ProgramLanguage language, Question question) {
    String body = JSON.writeValueAsString(body(dialect, question));
    String template = templates.getOrDefault(dialect, Map.of()).getOrDefault(language, "");
    return template
        .replace("{{url}}", question.url() + dialect.path())
        .replace("{{shell-body}}", "'" + body.replace("'", "'\\''") + "'")
        .replace("{{body}}", body)
        .replace("{{body-string}}", JSON.writeValueAsString(body))
        .replace("{{python-body}}", python(body));
  }

  /** JSON's truths are other words in Python. */
  private static String python(String body) {
    return "json.loads(" + JSON.writeValueAsString(body) + ")";
  }

  /** What is sent, as JSON. */
  public static ObjectNode body(Dialect dialect, Question question) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", question.model());
    return switch (dialect) {
      case OPENAI -> {
        message(body, question);
        yield body.put("stream", true).put("max_tokens", question.mostTokens());
      }
      case ANTHROPIC -> {
        body.put("max_tokens", question.mostTokens());
        message(body, question);
        yield body.put("stream", true);
      }
      case DASHSCOPE -> {
        message(body.putObject("input"), question);
        body.putObject("parameters")
            .put("result_format", "message")
            .put("incremental_output", true)
            .put("max_tokens", question.mostTokens());
        yield body;
      }
    };
  }

  private static void message(ObjectNode in, Question question) {
    in.putArray("messages").addObject().put("role", "user").put("content", question.prompt());
  }
}
