package io.yuntai.cli.connect;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.server.clients.Api;
import io.yuntai.server.clients.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One short streamed question, put as a client of this API would put it. */
final class ProvingCall {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final String QUESTION = "Say hello in five words.";
  private static final int TOKENS_MAX = 24;
  private static final String DATA = "data:";

  private final Api api;
  private final Endpoint endpoint;

  /**
   * What came back.
   *
   * @param text the answer, not empty
   * @param firstNanos from the question to its first piece
   */
  record Proof(String text, long firstNanos) {}

  ProvingCall(Api api, Endpoint endpoint) {
    this.api = api;
    this.endpoint = endpoint;
  }

  /**
   * Asks and reads the answer to its end.
   *
   * @throws CommandException when there is none, with the server's own words where it refuses
   */
  Proof ask() throws InterruptedException {
    long begin = System.nanoTime();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      HttpResponse<InputStream> response =
          client.send(request(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw refused(response.statusCode(), body);
        }
        return read(body, begin);
      } finally {
        client.shutdownNow();
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "The server at " + endpoint.url() + " does not answer: " + e, e);
    }
  }

  private HttpRequest request() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + endpoint.key())
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(question())));
    if (api == Api.MESSAGES) {
      request.header("anthropic-version", "2023-06-01");
    } else if (api == Api.GENERATION) {
      request.header("X-DashScope-SSE", "enable");
    }
    return request.build();
  }

  private String path() {
    return switch (api) {
      case CHAT_COMPLETIONS -> "/v1/chat/completions";
      case RESPONSES -> "/v1/responses";
      case MESSAGES -> "/anthropic/v1/messages?beta=true";
      case GENERATION -> "/api/v1/services/aigc/text-generation/generation";
    };
  }

  private URI at(String path) {
    return URI.create(endpoint.url() + path);
  }

  private Map<String, Object> question() {
    List<Map<String, String>> messages = List.of(Map.of("role", "user", "content", QUESTION));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", endpoint.model());
    switch (api) {
      case CHAT_COMPLETIONS, MESSAGES -> {
        body.put("messages", messages);
        body.put("max_tokens", TOKENS_MAX);
        body.put("stream", true);
      }
      case RESPONSES -> {
        body.put("input", messages);
        body.put("max_output_tokens", TOKENS_MAX);
        body.put("store", false);
        body.put("stream", true);
      }
      case GENERATION -> {
        body.put("input", Map.of("messages", messages));
        body.put(
            "parameters",
            Map.of(
                "result_format", "message", "incremental_output", true, "max_tokens", TOKENS_MAX));
      }
    }
    return body;
  }

  private Proof read(InputStream body, long begin) throws IOException {
    StringBuilder text = new StringBuilder();
    long first = 0;
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null && text.length() < ANSWER_BYTES_MAX) {
      if (!line.startsWith(DATA) || line.strip().equals(DATA + " [DONE]")) {
        continue;
      }
      JsonNode event = Json.read(line.substring(DATA.length()), JsonNode.class, "The stream");
      String message = message(event);
      if (!message.isEmpty()) {
        throw new CommandException(ExitCode.FAILED, message);
      }
      text.append(piece(event));
      if (first == 0 && !text.isEmpty()) {
        first = System.nanoTime() - begin;
      }
    }
    if (text.isEmpty()) {
      throw new CommandException(
          ExitCode.FAILED,
          "The server answered in "
              + api.title()
              + ", but without any text. Is '"
              + endpoint.model()
              + "' a model to chat with?");
    }
    return new Proof(text.toString().strip(), first);
  }

  private String piece(JsonNode event) {
    return switch (api) {
      case CHAT_COMPLETIONS -> {
        JsonNode delta = event.path("choices").path(0).path("delta");
        yield delta.path("reasoning_content").asString("") + delta.path("content").asString("");
      }
      case RESPONSES ->
          event.path("type").asString("").endsWith(".delta")
              ? event.path("delta").asString("")
              : "";
      case MESSAGES -> {
        JsonNode delta = event.path("delta");
        yield delta.path("thinking").asString("") + delta.path("text").asString("");
      }
      case GENERATION -> {
        JsonNode message = event.path("output").path("choices").path(0).path("message");
        yield message.path("reasoning_content").asString("") + message.path("content").asString("");
      }
    };
  }

  private CommandException refused(int status, InputStream body) throws IOException {
    String text = new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
    String message =
        text.startsWith("{") ? message(Json.read(text, JsonNode.class, "The answer")) : "";
    return new CommandException(
        switch (status) {
          case 401, 403 -> ExitCode.NOT_ALLOWED;
          case 404 -> ExitCode.NOT_FOUND;
          case 429, 503 -> ExitCode.NO_CAPACITY;
          default -> ExitCode.FAILED;
        },
        "The server refused (HTTP %d): %s".formatted(status, message.isEmpty() ? text : message));
  }

  /** An error's sentence, in any of the dialects; empty where there is no error. */
  private static String message(JsonNode event) {
    String inError = event.path("error").path("message").asString("");
    String inResponse = event.path("response").path("error").path("message").asString("");
    return !inError.isEmpty()
        ? inError
        : !inResponse.isEmpty()
            ? inResponse
            : event.has("code") ? event.path("message").asString("") : "";
  }
}
