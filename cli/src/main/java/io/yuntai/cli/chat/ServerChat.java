package io.yuntai.cli.chat;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.server.ServerState;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model in the running server, asked through its API with the token of this machine's commands.
 */
final class ServerChat implements ChatModel {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final ServerState server;
  private final String model;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** The model that the server calls so. */
  ServerChat(ServerState server, String model) {
    this.server = server;
    this.model = model;
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public RunningAnswer ask(List<Turn> conversation, ChatSettings settings)
      throws InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", model);
    body.put("messages", conversation);
    body.put("temperature", settings.temperature());
    body.put("top_p", settings.topP());
    body.put("top_k", settings.topK());
    body.put("max_tokens", settings.maxTokens());
    body.put("seed", settings.seed());
    body.put("stream", true);
    body.put("stream_options", Map.of("include_usage", true));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
            .header("Authorization", "Bearer " + server.operatorToken())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
            .build();
    long begin = System.nanoTime();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw refused(response);
      }
      return new StreamedAnswer(response.body(), begin);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "The server at " + server.url() + " does not answer: " + e + ". Try 'yuntai status'.",
          e);
    }
  }

  private static CommandException refused(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      String text = new String(body.readNBytes(1 << 20), StandardCharsets.UTF_8);
      JsonNode error = Json.read(text, JsonNode.class, "The server's answer").path("error");
      ExitCode code =
          switch (response.statusCode()) {
            case 401, 403 -> ExitCode.NOT_ALLOWED;
            case 404 -> ExitCode.NOT_FOUND;
            case 429, 503 -> ExitCode.NO_CAPACITY;
            default -> ExitCode.FAILED;
          };
      return new CommandException(
          code, error.path("message").asString("HTTP " + response.statusCode()));
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** Server-sent events of one answer. */
  private static final class StreamedAnswer implements RunningAnswer {
    private static final String DATA = "data:";

    private final InputStream body;
    private final BufferedReader lines;
    private final long begin;
    private long first;
    private long end;
    private int promptTokens;
    private int completionTokens;
    private boolean thinking;
    private String finish = "cancelled";
    private volatile boolean cancelled;

    StreamedAnswer(InputStream body, long begin) {
      this.body = body;
      this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      this.begin = begin;
    }

    @Override
    public @Nullable String next() {
      try {
        while (end == 0) {
          String line = lines.readLine();
          if (line == null || line.equals(DATA + " [DONE]")) {
            end = System.nanoTime();
          } else if (line.startsWith(DATA)) {
            return text(Json.read(line.substring(DATA.length()), JsonNode.class, "The stream"));
          }
        }
        return null;
      } catch (IOException e) {
        end = System.nanoTime();
        if (cancelled) {
          return null;
        }
        throw new CommandException(
            ExitCode.UNREACHABLE, "The connection to the server was lost: " + e, e);
      }
    }

    private String text(JsonNode chunk) {
      if (chunk.has("error")) {
        throw new CommandException(
            ExitCode.FAILED, chunk.path("error").path("message").asString("the server failed"));
      }
      JsonNode usage = chunk.path("usage");
      if (usage.isObject()) {
        promptTokens = usage.path("prompt_tokens").asInt(0);
        completionTokens = usage.path("completion_tokens").asInt(0);
      }
      JsonNode choice = chunk.path("choices").path(0);
      if (choice.path("finish_reason").isString()) {
        finish = choice.path("finish_reason").asString();
      }
      String text = spelledOut(choice.path("delta"));
      if (first == 0 && !text.isEmpty()) {
        first = System.nanoTime();
      }
      return text;
    }

    /** Thoughts stand between tags, as models write them and their templates read them. */
    private String spelledOut(JsonNode delta) {
      String thought = delta.path("reasoning_content").asString("");
      String said = delta.path("content").asString("");
      String before = "";
      if (!thought.isEmpty() && !thinking) {
        thinking = true;
        before = "<think>\n";
      } else if (!said.isEmpty() && thinking) {
        thinking = false;
        before = "\n</think>\n\n";
      }
      return before + thought + said;
    }

    @Override
    public void cancel() {
      cancelled = true;
      close();
    }

    @Override
    public AnswerFacts facts() {
      return new AnswerFacts(
          promptTokens, completionTokens, (first == 0 ? end : first) - begin, end - begin, finish);
    }

    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        cancelled = true; // what is closed badly is closed all the same
      }
    }
  }
}
