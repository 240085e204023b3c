package io.yuntai.cli.rehearsal;

import io.yuntai.cli.terminal.Json;
import io.yuntai.server.ServerState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What coding agents begin with, put to a server: long instructions and the schemas of many tools.
 * Where their keys and values are read from the disk, reading schemas, template and words is most
 * of the time to the first token, and all of it in code that a new process has not run before.
 */
final class AgentQuestions {
  private static final int TOOLS = 5;
  private static final int ANSWER_TOKENS = 8;

  /** Twice, since what is kept of the first is what the second finds. */
  private static final int ROUNDS = 2;

  private static final String INSTRUCTIONS =
      "You change files of a project with the tools that you are given, step by step. ".repeat(12);

  private AgentQuestions() {}

  /** Asks in each of the APIs that agents use; answers do not matter. */
  static void ask(ServerState server) throws IOException, InterruptedException {
    String model = server.models().getFirst().name();
    List<Object> messages =
        List.of(
            Map.of("role", "system", "content", INSTRUCTIONS),
            Map.of("role", "user", "content", "Make a file."));
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        post(
            client,
            server,
            "/v1/chat/completions",
            Map.of(
                "model", model,
                "stream", true,
                "max_tokens", ANSWER_TOKENS,
                "messages", messages,
                "tools",
                    tools(tool ->
                        Map.of("type", "function", "function", named(tool, "parameters")))));
        post(
            client,
            server,
            "/v1/responses",
            Map.of(
                "model",
                model,
                "stream",
                true,
                "store",
                false,
                "max_output_tokens",
                16,
                "input",
                messages,
                "tools",
                tools(tool -> with(named(tool, "parameters"), "type", "function"))));
        post(
            client,
            server,
            "/anthropic/v1/messages",
            Map.of(
                "model",
                model,
                "stream",
                true,
                "max_tokens",
                ANSWER_TOKENS,
                "system",
                INSTRUCTIONS,
                "messages",
                messages.subList(1, 2),
                "tools",
                tools(tool -> named(tool, "input_schema"))));
      }
    }
  }

  private static List<Map<String, Object>> tools(IntFunction<Map<String, Object>> form) {
    return IntStream.range(0, TOOLS).mapToObj(form).toList();
  }

  private static Map<String, Object> named(int tool, String schemaField) {
    Map<String, Object> text = Map.of("type", "string", "description", "A path or a text.");
    Map<String, Object> schema =
        Map.of(
            "type",
            "object",
            "required",
            List.of("path"),
            "additionalProperties",
            false,
            "properties",
            Map.of(
                "path", text,
                "lines", Map.of("type", "array", "items", text),
                "count", Map.of("type", "integer", "minimum", 0),
                "how", Map.of("enum", List.of("all", "some", "none"))));
    return Map.of(
        "name", "tool_" + tool, "description", "Does what its name says.", schemaField, schema);
  }

  private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put(name, value);
    return all;
  }

  private static void post(
      HttpClient client, ServerState server, String path, Map<String, Object> body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + server.operatorToken())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
    }
  }
}
