package io.yuntai.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.cli.process.YuntaiProcess.Result;
import io.yuntai.cli.rehearsal.TinyModel;
import io.yuntai.engine.kernel.KernelChoice;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One home through its life; a database start costs seconds, so the steps share it, in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LifecycleIT {
  private static final int CONTEXT_TOKENS = 32_768;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path folder;

  private static YuntaiProcess yuntai;
  private static Path model;
  private static String url;
  private static String firstKey;
  private static String operatorKey;
  private static String firstAnswer;
  private static long logged;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void writeModel() throws Exception {
    yuntai = new YuntaiProcess(folder);
    model = folder.resolve("tiny.gguf");
    TinyModel.write(model, CONTEXT_TOKENS);
  }

  @AfterAll
  static void endAll() {
    yuntai.endAll();
  }

  private static Result up(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "up",
                "--detach",
                "--json",
                "--port",
                "0",
                "--context",
                Integer.toString(CONTEXT_TOKENS),
                "--model",
                model.toString()));
    arguments.addAll(List.of(more));
    return yuntai.run(arguments.toArray(String[]::new));
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
  }

  private int status(String key) throws Exception {
    return http.send(request("/v1/models", key).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private HttpResponse<InputStream> longStream() throws Exception {
    String body =
        "{\"model\":\"tiny\",\"stream\":true,\"temperature\":0,\"max_tokens\":30000,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}]}";
    return http.send(
        request("/v1/chat/completions", firstKey)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  private static Result ask() throws Exception {
    return yuntai.run(
        "run", model.toString(), "Say something.", "--seed", "7", "--max-tokens", "24", "--stats");
  }

  @Test
  @Order(1)
  void aModelAnswersWithoutAServer() throws Exception {
    Result answer = ask();
    assertThat(answer.code()).as(answer::err).isZero();
    assertThat(answer.out()).matches("[a-z]{24}\n");
    assertThat(answer.err()).contains("24 out").contains("seed 7").doesNotContain("WARNING");
    firstAnswer = answer.out();
  }

  @Test
  @Order(2)
  void aDetachedStartPrintsUrlAndFirstKeyWhenReady() throws Exception {
    Result started = up();
    assertThat(started.code()).as(started::err).isZero();
    JsonNode fields = started.json();
    url = fields.get("url").asString();
    firstKey = fields.get("key").asString();
    assertThat(started.err()).contains("database").contains("tiny").doesNotContain("WARNING");
    assertThat(status(firstKey)).isEqualTo(200);
    assertThat(status("yt-wrong")).isEqualTo(401);
  }

  @Test
  @Order(3)
  void statusTellsWhatRunsAndOnlyTheOwnerMayReadItsState() throws Exception {
    JsonNode fields = yuntai.run("status", "--json").json();
    assertThat(fields.propertyNames())
        .containsExactly("url", "pid", "models", "kernel", "database", "uptime_seconds");
    assertThat(fields.get("url").asString()).isEqualTo(url);
    assertThat(fields.get("models").get(0).asString()).isEqualTo("tiny");
    assertThat(fields.get("kernel").asString())
        .isEqualTo(KernelChoice.named(KernelChoice.AUTO).name());
    assertThat(ProcessHandle.of(fields.get("pid").asLong())).isPresent();
    Path state = yuntai.home().resolve("run").resolve("server.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rw-------");
    assertThat(yuntai.home().resolve("run")).isDirectoryNotContaining("glob:**.report");
  }

  @Test
  @Order(4)
  void theServerGivesTheSameAnswerForTheSameSeed() throws Exception {
    Result answer = ask();
    assertThat(answer.code()).as(answer::err).isZero();
    assertThat(answer.out()).isEqualTo(firstAnswer);
    Result piped =
        yuntai.pipe(
            "Say something.\n", "run", model.toString(), "--seed", "7", "--max-tokens", "24");
    assertThat(piped.out()).isEqualTo(firstAnswer);
    assertThat(piped.err()).isEmpty();
  }

  @Test
  @Order(5)
  void keysAreMadeListedAndRevokedWhileTheServerRuns() throws Exception {
    JsonNode made = yuntai.run("keys", "create", "second", "--expires", "1d", "--json").json();
    assertThat(made.propertyNames()).contains("id", "name", "tenant", "key");
    String key = made.get("key").asString();
    assertThat(status(key)).isEqualTo(200);
    Result revoked = yuntai.run("keys", "revoke", made.get("id").asString());
    assertThat(revoked.code()).isZero();
    await().atMost(PATIENCE).until(() -> status(key) == 401);
    Result list = yuntai.run("keys", "list");
    assertThat(list.out()).contains("admin", "second", "revoked").doesNotContain(key);
    assertThat(yuntai.run("keys", "revoke", "nosuchkey").code()).isEqualTo(5);
  }

  @Test
  @Order(6)
  void aSecondUpSaysThatItRunsAlready() throws Exception {
    Result second = yuntai.run("up", "--model", model.toString());
    assertThat(second.code()).isZero();
    assertThat(second.out()).contains("Already running at " + url);
  }

  @Test
  @Order(7)
  void aTerminatedServerTellsItsStreamsAndLeavesNothingRunning() throws Exception {
    HttpResponse<InputStream> stream = longStream();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("data:");
      long pid = yuntai.run("status", "--json").json().get("pid").asLong();
      ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
      server.destroy();
      List<String> rest = lines.lines().filter(line -> line.startsWith("data:")).toList();
      assertThat(rest.getLast())
          .satisfiesAnyOf(
              last -> assertThat(last).isEqualTo("data: [DONE]"),
              last -> assertThat(last).contains("error"));
      await().atMost(PATIENCE).until(() -> !server.isAlive());
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(yuntai.left()).isEmpty());
    assertThat(yuntai.home().resolve("run").resolve("server.json")).doesNotExist();
  }

  @Test
  @Order(8)
  void keysWorkWithoutAServer() throws Exception {
    Result list = yuntai.run("keys", "list", "--json");
    assertThat(list.code()).as(list::err).isZero();
    assertThat(list.json().size()).isEqualTo(2);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(yuntai.left()).isEmpty());
  }

  @Test
  @Order(9)
  void aKilledServerIsRecognisedAndStartsAgainWithItsKeys() throws Exception {
    Result started = up();
    assertThat(started.code()).as(started::err).isZero();
    assertThat(started.json().has("key")).isFalse();
    ProcessHandle server = ProcessHandle.of(started.json().get("pid").asLong()).orElseThrow();
    server.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !server.isAlive());
    assertThat(yuntai.run("status").code()).isEqualTo(3);

    logged = Files.size(log());
    Result again = up("--log-format", "json");
    assertThat(again.code()).as(again::err).isZero();
    url = again.json().get("url").asString();
    assertThat(status(firstKey)).isEqualTo(200);
  }

  @Test
  @Order(10)
  void aLogForProgramsIsAJsonObjectALine() throws Exception {
    List<String> lines = await().atMost(PATIENCE).until(this::newLines, some -> !some.isEmpty());
    for (String line : lines) {
      JsonNode one = YuntaiProcess.JSON.readTree(line);
      assertThat(one.propertyNames())
          .as(line)
          .contains("time", "level", "logger", "thread", "message");
      assertThat(Instant.parse(one.get("time").asString())).isAfter(Instant.EPOCH);
    }
  }

  /** What the log has had since the last start, without a line that is being written. */
  private List<String> newLines() throws Exception {
    byte[] all = Files.readAllBytes(log());
    String text =
        new String(all, (int) logged, (int) (all.length - logged), StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static Path log() {
    return yuntai.home().resolve("logs").resolve("yuntai.log");
  }

  @Test
  @Order(11)
  void aRequestIsAskedAgainAndBothAnswersStandSideBySide() throws Exception {
    operatorKey =
        yuntai
            .run("keys", "create", "replay", "--scopes", "operator", "--json")
            .json()
            .get("key")
            .asString();
    Result unkept = yuntai.run("requests", "replay", chat().id());
    assertThat(unkept.code()).isEqualTo(5);
    assertThat(unkept.err()).contains("not kept", "default").doesNotContain("Exception");

    assertThat(keepTexts(7)).isEqualTo(200);
    // The gateway hears of the change within seconds.
    Chat kept = await().atMost(PATIENCE).until(this::keptChat, Optional::isPresent).orElseThrow();
    JsonNode told = yuntai.run("requests", "replay", kept.id(), "--json").json();
    assertThat(told.propertyNames())
        .containsExactly("same", "old", "new", "old_answer", "new_answer");
    assertThat(told.get("old_answer").asString()).isEqualTo(kept.answer());
    assertThat(told.get("new_answer").asString()).as("with the same seed").isEqualTo(kept.answer());
    assertThat(told.get("same").asBoolean()).isTrue();
    assertThat(told.at("/old/id").asString()).isEqualTo(kept.id());
    assertThat(told.at("/new/id").asString()).startsWith("req_").isNotEqualTo(kept.id());
    assertThat(told.at("/new/model").asString()).isEqualTo("tiny");

    Result shown = yuntai.run("requests", "replay", kept.id(), "--model", "tiny");
    assertThat(shown.code()).as(shown::err).isZero();
    assertThat(shown.out())
        .contains("BEFORE", "NOW", kept.id(), "The answers are the same, word for word")
        .contains(kept.answer());
    Result other = yuntai.run("requests", "replay", kept.id(), "--model", "absent");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("absent");
    assertThat(yuntai.run("requests", "replay", "req_unknown").code()).isEqualTo(5);
    assertThat(keepTexts(0)).isEqualTo(200);
  }

  private record Chat(String id, String answer) {}

  /** Without a seed: the server chooses one. */
  private Chat chat() throws Exception {
    HttpResponse<String> answer =
        http.send(
            request("/v1/chat/completions", firstKey)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"tiny\",\"temperature\":1,\"max_tokens\":24,"
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"go on\"}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    await().atMost(PATIENCE).until(() -> admin("/requests/" + id) == 200);
    return new Chat(
        id, YuntaiProcess.JSON.readTree(answer.body()).at("/choices/0/message/content").asString());
  }

  private Optional<Chat> keptChat() throws Exception {
    Chat chat = chat();
    return admin("/requests/" + chat.id() + "/text") == 200 ? Optional.of(chat) : Optional.empty();
  }

  private int admin(String path) throws Exception {
    return http.send(
            request("/admin/v1/tenants/default" + path, operatorKey).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private int keepTexts(int days) throws Exception {
    return http.send(
            request("/admin/v1/tenants/default/text-keeping", operatorKey)
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"days\":" + days + "}"))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  @Order(12)
  void aRunningServerIsBackedUpAndItsKeysWorkWhereItIsRestored() throws Exception {
    String file = folder.resolve("backup.zip").toString();
    Result saved = yuntai.run("backup", file, "--json");
    assertThat(saved.code()).as(saved::err).isZero();
    assertThat(saved.json().get("rows").asLong()).isPositive();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))))
        .isEqualTo("rw-------");
    assertThat(yuntai.run("backup", file).err()).contains("--force");
    assertThat(yuntai.run("restore", file).err()).contains("in use already");
    assertThat(yuntai.run("restore", "--check", file).out()).contains("is whole");

    String copy = yuntai.home() + " restored"; // its processes are among those of this home
    Result restored = yuntai.run("restore", file, "--home", copy);
    assertThat(restored.code()).as(restored::err).isZero();
    Result started =
        yuntai.run(
            "up", "--detach", "--json", "--port", "0", "--model", model.toString(), "--home", copy);
    assertThat(started.code()).as(started::err).isZero();
    assertThat(started.json().has("key")).isFalse();
    String first = url;
    url = started.json().get("url").asString();
    assertThat(status(firstKey)).isEqualTo(200);
    url = first;
    assertThat(yuntai.run("down", "--home", copy).code()).isZero();
  }

  @Test
  @Order(13)
  void downStopsEverything() throws Exception {
    Result stopped = yuntai.run("down");
    assertThat(stopped.code()).as(stopped::err).isZero();
    assertThat(stopped.out()).contains("Stopped");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(yuntai.left()).isEmpty());
    assertThat(yuntai.run("down").out()).contains("Not running");
  }

  @Test
  @Order(14)
  void aTakenPortIsNamedWithItsHolder() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Result refused = yuntai.run("up", "--port", port, "--model", model.toString());
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains("Port " + port)
          .contains("process " + ProcessHandle.current().pid())
          .contains("--port");
      Result detached = yuntai.run("up", "--detach", "--port", port, "--model", model.toString());
      assertThat(detached.code()).isEqualTo(1);
      assertThat(detached.err()).contains("Port " + port);
    }
  }
}
