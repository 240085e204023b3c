package io.yuntai.console.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.ConsoleServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that is killed in the middle of an answer. */
class ChatKillTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  /** A server in a process of its own. */
  private record Killable(Process process, URI base, String link) {
    static Killable start(Path home, Path routes) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-Xmx400m",
              "--add-modules=jdk.incubator.vector",
              "--enable-native-access=ALL-UNNAMED",
              "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              ChatServerProgram.class.getName(),
              home.toString(),
              routes.toString());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      String line = lines.readLine();
      while (line != null && !line.startsWith("ready ")) {
        line = lines.readLine();
      }
      assertThat(line).as("the server's first word").isNotNull();
      String[] words = String.valueOf(line).split(" ", -1);
      return new Killable(process, URI.create(words[1]), words[2]);
    }
  }

  @Test
  void theThreadShowsWhatHadComeSaysWhatHappenedAndGoesOnOnRequest() throws Exception {
    Path home = Files.createDirectories(folder.resolve("server"));
    Path routes = folder.resolve("routes.toml");
    try (SlowUpstream upstream = new SlowUpstream()) {
      Files.writeString(routes, upstream.routes());
      Killable first = Killable.start(home, routes);
      String message;
      String thread;
      try {
        Browser li = ConsoleServer.operator(first.base(), first.link());
        assertThat(li.get("/console/chat").status()).isEqualTo(200);
        Browser.Reply asked =
            li.json(
                "/console/chat/ask",
                "{\"thread\":\"\",\"parent\":0,\"text\":\"count\",\"models\":[\"slow\"],\"parameters\":{}}");
        assertThat(asked.status()).as(asked.body()).isEqualTo(200);
        JsonNode begun = JSON.readTree(asked.body());
        thread = "/console/chat/" + begun.path("thread").asString();
        message = begun.path("answers").path(0).asString();
        upstream.say("one ", "two ");
        await()
            .atMost(PATIENCE)
            .until(() -> li.get(thread + "/export/json").body().contains("one two "));
      } finally {
        first.process().destroyForcibly().waitFor();
      }
      upstream.end(); // lets go of the request of the one that is gone

      try (ConsoleServer again = ConsoleServer.start(home, upstream.routes(), List.of())) {
        Browser li = again.operator();
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(li.get(thread).body())
                    .contains("data-state=\"interrupted\"")
                    .contains("one two")
                    .contains("The server stopped while it answered.")
                    .contains("data-continue"));
        int before = upstream.requests().size();
        assertThat(li.json(thread + "/continue", "{\"message\":" + message + "}").status())
            .isEqualTo(200);
        await().atMost(PATIENCE).until(() -> upstream.requests().size() > before);
        upstream.say("three");
        upstream.end();
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(li.get(thread + "/messages/" + message).body())
                    .contains("data-state=\"complete\"")
                    .contains("one two three"));
      }
    }
  }
}
