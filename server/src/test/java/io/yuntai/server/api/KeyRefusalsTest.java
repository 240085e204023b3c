package io.yuntai.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.KeyLimits;
import io.yuntai.ledger.keys.KeyOwner;
import io.yuntai.ledger.keys.ModelPattern;
import io.yuntai.ledger.keys.Network;
import io.yuntai.ledger.keys.Scope;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.http.HttpServer;
import io.yuntai.server.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a key is not for is refused by each API in its own shape. */
class KeyRefusalsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);

  private static final Map<String, Principal> KEYS =
      Map.of(
          "embeds", key(EnumSet.of(Scope.EMBED), List.of(), List.of(), false),
          "qwen", key(ALL, List.of(new ModelPattern("qwen*")), List.of(), false),
          "elsewhere", key(ALL, List.of(), List.of(Network.parse("203.0.113.0/24")), false),
          "suspended", key(ALL, List.of(), List.of(), true),
          "here", key(ALL, List.of(), List.of(Network.parse("127.0.0.1")), false));

  private static HttpServer server;

  private static Principal key(
      Set<Scope> scopes, List<ModelPattern> models, List<Network> networks, boolean suspended) {
    return Principal.of(
        new ApiKey(
            "abcdefghijkl",
            1,
            "abcdefghijkl",
            "test",
            "yt-abcdefghijkl",
            new KeyOwner(2, "acme", 2, "default", 0, "", "", Role.ADMIN, suspended, false),
            new KeyLimits(scopes, models, networks),
            Instant.EPOCH,
            null,
            null,
            null,
            1));
  }

  @BeforeAll
  static void start() {
    server =
        TestServer.serve(
            TestServer.OPTIONS, new ModelHost(), key -> Optional.ofNullable(KEYS.get(key)));
  }

  @AfterAll
  static void stop() throws Exception {
    server.stop(Duration.ZERO);
  }

  private static HttpResponse<String> post(String key, String path, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static final String CHAT =
      "\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

  private static String body(String path) {
    return switch (path) {
      case "/v1/messages" -> "{\"max_tokens\":5," + CHAT + "}";
      case "/v1/chat/completions", "/compatible-mode/v1/chat/completions" -> "{" + CHAT + "}";
      case "/v1/responses" -> "{\"model\":\"smollm2\",\"input\":\"a\"}";
      case "/v1/embeddings" -> "{\"model\":\"bge\",\"input\":\"a\"}";
      case "/api/chat" -> "{\"stream\":false," + CHAT + "}";
      default ->
          "{\"model\":\"smollm2\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}}";
    };
  }

  @ParameterizedTest
  @CsvSource({
    "embeds, /v1/chat/completions, /error/code, scope_not_allowed",
    "embeds, /v1/responses, /error/code, scope_not_allowed",
    "embeds, /v1/messages, /error/type, permission_error",
    "embeds, /api/v1/services/aigc/text-generation/generation, /code, AccessDenied",
    "qwen, /v1/chat/completions, /error/code, model_not_allowed",
    "qwen, /v1/responses, /error/code, model_not_allowed",
    "qwen, /v1/embeddings, /error/code, model_not_allowed",
    "qwen, /compatible-mode/v1/chat/completions, /error/code, model_not_allowed",
    "qwen, /v1/messages, /error/type, permission_error",
    "qwen, /api/v1/services/aigc/text-generation/generation, /code, Model.AccessDenied",
    "qwen, /api/chat, /error, ''",
    "elsewhere, /v1/chat/completions, /error/code, ip_not_allowed",
    "elsewhere, /v1/messages, /error/type, permission_error",
    "suspended, /v1/chat/completions, /error/code, tenant_suspended",
    "suspended, /api/chat, /error, ''",
  })
  void saysSoInItsOwnShape(String key, String path, String pointer, String value) throws Exception {
    HttpResponse<String> response = post(key, path, body(path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
    JsonNode said = JSON.readTree(response.body()).at(pointer);
    assertThat(said.isMissingNode()).as(response.body()).isFalse();
    if (!value.isEmpty()) {
      assertThat(said.asString()).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "here, /v1/chat/completions",
    "here, /v1/messages",
    "embeds, /v1/embeddings",
  })
  void letsThroughWhatTheKeyIsFor(String key, String path) throws Exception {
    assertThat(post(key, path, body(path)).statusCode()).as("no such model").isEqualTo(404);
  }
}
