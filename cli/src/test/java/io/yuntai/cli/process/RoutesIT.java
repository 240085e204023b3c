package io.yuntai.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.yuntai.cli.process.YuntaiProcess.Result;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server without a model of its own, its routes and its settings from a file that changes. */
class RoutesIT {
  @TempDir private Path folder;
  private HttpServer upstream;
  private YuntaiProcess yuntai;

  @AfterEach
  void end() {
    if (yuntai != null) {
      yuntai.endAll();
    }
    if (upstream != null) {
      upstream.stop(0);
    }
  }

  /** Says which model it was asked for. */
  private static HttpServer echoingUpstream() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          String asked =
              YuntaiProcess.JSON
                  .readTree(exchange.getRequestBody().readAllBytes())
                  .get("model")
                  .asString();
          byte[] answer =
              ("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"I am "
                      + asked
                      + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private String file(String model) {
    return """
    [server]
    port = 0
    no_model = true

    [upstreams.echo]
    kind = "openai-compatible"
    url = "http://127.0.0.1:%d/v1"

    [[routes.smart.targets]]
    upstream = "echo"
    model = "%s"
    price = { currency = "USD", input = "2.00", output = "8.00" }
    """
        .formatted(upstream.getAddress().getPort(), model);
  }

  @Test
  void routesAndSettingsComeFromAFileAndRoutesChangeWithoutARestart() throws Exception {
    upstream = echoingUpstream();
    yuntai = new YuntaiProcess(folder);
    Files.createDirectories(yuntai.home());
    Path file = yuntai.home().resolve("yuntai.toml");
    Files.writeString(file, file("one"));

    Result settings = yuntai.run("config", "--json");
    assertThat(settings.code()).as(settings::err).isZero();
    JsonNode port = setting(settings.json(), "port");
    assertThat(port.get("value").asString()).isEqualTo("0");
    assertThat(port.get("from").asString()).isEqualTo("yuntai.toml:2");
    assertThat(setting(settings.json(), "host").get("from").asString()).isEqualTo("default");
    assertThat(yuntai.run("config", "check").out()).contains("2 settings, 1 routes, 1 upstreams");
    assertThat(yuntai.run("config", "explain", "port").out())
        .contains("port = 0", "from yuntai.toml:2: 0", "in place of default: 8460");
    assertThat(yuntai.run("routes", "list").out())
        .contains("smart", "echo/one", "USD 2.00 in, 2.00 cached, 8.00 out");

    Result started = yuntai.run("up", "--detach", "--json");
    assertThat(started.code()).as(started::err).isZero();
    String url = started.json().get("url").asString();
    String key = started.json().get("key").asString();
    assertThat(url).doesNotEndWith(":8460");
    assertThat(ask(url, key)).isEqualTo("I am one");
    assertThat(yuntai.run("routes", "test", "smart").code()).isZero();
    assertThat(yuntai.run("routes", "test", "absent").err()).contains("absent");

    Files.writeString(file, file("two"));
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(ask(url, key)).isEqualTo("I am two"));

    Files.writeString(file, "[routes.smart", StandardOpenOption.APPEND);
    Result bad = yuntai.run("routes", "check");
    assertThat(bad.code()).isEqualTo(2);
    assertThat(bad.err()).contains("yuntai.toml:");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            Files.readString(yuntai.home().resolve("logs").resolve("yuntai.log"))
                .contains("the routes stay as they are"));
    assertThat(ask(url, key)).isEqualTo("I am two");
    assertThat(yuntai.run("down").code()).isZero();
  }

  @Test
  void aSettingThatNobodyKnowsIsNamedWithItsPlaceAndANearOne() throws Exception {
    yuntai = new YuntaiProcess(folder);
    Files.createDirectories(yuntai.home());
    Files.writeString(yuntai.home().resolve("yuntai.toml"), "[server]\nprot = 9000\n");
    for (String command : new String[] {"up", "config"}) {
      Result result = yuntai.run(command);
      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err())
          .contains("yuntai.toml:2:1: 'server.prot' is not known; did you mean")
          .contains("port");
    }
    Files.writeString(yuntai.home().resolve("yuntai.toml"), "[server]\nport = \"high\"\n");
    assertThat(yuntai.run("config", "check").err()).contains("--port").contains("high");
  }

  private static JsonNode setting(JsonNode rows, String name) {
    for (JsonNode row : rows) {
      if (row.get("setting").asString().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no setting " + name + " in " + rows);
  }

  private static String ask(String url, String key) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                  .header("Authorization", "Bearer " + key)
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return YuntaiProcess.JSON.readTree(answer.body()).at("/choices/0/message/content").asString();
    }
  }
}
