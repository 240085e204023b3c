package io.yuntai.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.clients.Client;
import io.yuntai.server.clients.Clients;
import io.yuntai.server.clients.Endpoint;
import io.yuntai.server.clients.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClientsTest {
  private static final Endpoint ENDPOINT =
      new Endpoint("http://127.0.0.1:8460", "yt-it's-secret", "qwen2.5-coder:0.5b");

  @TempDir private Path folder = Path.of("");

  private Client.Folders folders() {
    return new Client.Folders(folder.resolve("home"), folder.resolve("project"));
  }

  private List<Setting> settings(String client) {
    return Clients.find(client).orElseThrow().settings().of(ENDPOINT, folders());
  }

  @Test
  void eachClientIsToldAddressKeyAndModel() {
    assertThat(Clients.all()).extracting(Client::id).doesNotHaveDuplicates().hasSize(20);
    for (Client client : Clients.all()) {
      String all =
          String.join(
              "\n",
              client.settings().of(ENDPOINT, folders()).stream().map(SettingsFiles::text).toList());
      assertThat(all).as(client.id()).contains("http://127.0.0.1:8460").contains("secret");
      assertThat(all).as(client.id()).doesNotContain("{{");
      if (!client.id().equals("open-webui")) { // it asks the server which models there are
        assertThat(all).as(client.id()).contains("qwen2.5-coder:0.5b");
      }
    }
  }

  @Test
  void jsonSettingsAreJson() {
    for (String client : List.of("claude-code", "opencode")) {
      JsonNode json = new JsonMapper().readTree(SettingsFiles.text(settings(client).getFirst()));
      assertThat(json.isObject()).as(client).isTrue();
    }
    JsonNode env =
        new JsonMapper()
            .readTree(SettingsFiles.text(settings("claude-code").getFirst()))
            .path("env");
    assertThat(env.path("ANTHROPIC_BASE_URL").asString())
        .isEqualTo("http://127.0.0.1:8460/anthropic");
    assertThat(env.path("ANTHROPIC_AUTH_TOKEN").asString()).isEqualTo("yt-it's-secret");
  }

  @Test
  void aShellReadsVariablesAsTheyAre() throws Exception {
    SettingsFiles.write(settings("aider"));
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "set -a; . ./yuntai-aider.env; printf %s \"$OPENAI_API_KEY\"")
            .directory(folder.resolve("project").toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("yt-it's-secret");
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void filesWithKeysAreTheirOwnersAloneAndGoAgain() throws IOException {
    List<Setting> settings = settings("codex");
    List<Path> files = SettingsFiles.write(settings);
    assertThat(files).hasSize(2);
    for (Path file : SettingsFiles.write(settings)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(SettingsFiles.delete(settings)).hasSize(2);
    assertThat(SettingsFiles.delete(settings)).isEmpty();
    assertThat(files).noneMatch(Files::exists);
  }
}
