package io.yuntai.cli.adapter;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.server.ServerState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The running server's adapters. */
final class AdapterServer implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Loading reads and packs the whole adapter. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final ServerState server;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  AdapterServer(ServerState server) {
    this.server = server;
  }

  /** Loads an adapter, in the place of one that has its name. */
  void load(String model, String path) throws InterruptedException {
    post(
        "/v1/load_lora_adapter",
        Map.of("lora_name", model, "lora_path", path, "load_inplace", true));
  }

  /** Unloads an adapter. */
  void unload(String model) throws InterruptedException {
    post("/v1/unload_lora_adapter", Map.of("lora_name", model));
  }

  /** What requests call the adapters that are loaded. */
  List<String> loaded() throws InterruptedException {
    String body = send(request("/v1/models").GET().build());
    List<String> names = new ArrayList<>();
    for (JsonNode card : Json.read(body, JsonNode.class, "The server's answer").path("data")) {
      if (card.path("parent").isString()) {
        names.add(card.path("id").asString());
      }
    }
    return names;
  }

  private void post(String path, Map<String, Object> body) throws InterruptedException {
    send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + server.operatorToken());
  }

  private String send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        return response.body();
      }
      JsonNode error =
          Json.read(response.body(), JsonNode.class, "The server's answer").path("error");
      ExitCode code =
          switch (response.statusCode()) {
            case 401, 403 -> ExitCode.NOT_ALLOWED;
            case 404 -> ExitCode.NOT_FOUND;
            default -> ExitCode.FAILED;
          };
      throw new CommandException(
          code, error.path("message").asString("HTTP " + response.statusCode()));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "The server at " + server.url() + " does not answer: " + e + ". Try 'yuntai status'.",
          e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
