package io.yuntai.console.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.ConsoleServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chat over HTTP, as its script uses it: a whole server, a model and an upstream. */
class ChatTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static SlowUpstream upstream;
  private static ConsoleServer server;
  private static Browser li;

  @BeforeAll
  static void start() throws Exception {
    upstream = new SlowUpstream();
    Path model = folder.resolve("tiny.gguf");
    BabblingModel.write(model);
    server = ConsoleServer.start(folder, upstream.routes(), List.of(model.toString()));
    li = server.operator();
    assertThat(li.get("/console/chat").status()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
    upstream.close();
  }

  /** An event of a stream. */
  private record Event(long id, String name, String data) {}

  private record Asked(String thread, long question, long answer) {}

  private static JsonNode post(String path, String body) throws Exception {
    Browser.Reply reply = li.json(path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return JSON.readTree(reply.body());
  }

  private static String question(String thread, long parent, String text, String... models) {
    var body =
        JSON.createObjectNode().put("thread", thread).put("parent", parent).put("text", text);
    body.putArray("models")
        .addAll(
            List.of(models).stream()
                .map(name -> (JsonNode) JSON.getNodeFactory().stringNode(name))
                .toList());
    body.putObject("parameters").put("temperature", "0").put("max_tokens", "24");
    return body.toString();
  }

  private static Asked ask(String thread, long parent, String text, String... models)
      throws Exception {
    return asked(post("/console/chat/ask", question(thread, parent, text, models)));
  }

  private static Asked asked(JsonNode begun) {
    return new Asked(
        begun.path("thread").asString(),
        begun.path("question").asLong(),
        begun.path("answers").path(0).asLong());
  }

  private static String at(Asked asked) {
    return "/console/chat/" + asked.thread();
  }

  private static String events(Asked asked) {
    return at(asked) + "/messages/" + asked.answer() + "/events";
  }

  private static String message(Asked asked) throws Exception {
    return li.get(at(asked) + "/messages/" + asked.answer()).body();
  }

  private static void awaitState(Asked asked, String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(message(asked)).contains("data-state=\"" + state + "\""));
  }

  /** Reads up to an event of this number, or to the end. */
  private static List<Event> read(Asked asked, long after, long upTo) throws Exception {
    List<Event> events = new ArrayList<>();
    var response = li.open(events(asked) + "?after=" + after);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      long id = 0;
      String name = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = Long.parseLong(line.substring(4));
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ") && id > 0) {
          events.add(new Event(id, name, line.substring(6)));
          if (id >= upTo) {
            break;
          }
        }
      }
    }
    return events;
  }

  @Test
  void aModelOfThisServerAnswersAndTheThreadKeepsIt() throws Exception {
    Asked asked = ask("", 0, "first words of a thread", "tiny");
    awaitState(asked, "complete");

    String page = li.get(at(asked)).body();
    assertThat(page)
        .contains("first words of a thread")
        .contains("id=\"m" + asked.answer() + "\"")
        .contains("tiny · ")
        .contains("tok");
    JsonNode exported = JSON.readTree(li.get(at(asked) + "/export/json").body());
    assertThat(exported.path("title").asString()).isEqualTo("first words of a thread");
    JsonNode answer = exported.path("messages").path(1);
    assertThat(answer.path("model").asString()).isEqualTo("tiny");
    assertThat(answer.path("output_tokens").asLong()).isBetween(1L, 24L);
    assertThat(answer.path("request_id").asString()).matches("[0-9a-f-]{36}");
    assertThat(li.get(at(asked) + "/export/markdown").body())
        .startsWith("# first words of a thread\n\n## You\n\nfirst words of a thread\n\n## tiny");
  }

  @Test
  void eventsCameEachOnceWhereverAReaderBroke() throws Exception {
    Asked asked = ask("", 0, "tell me", "slow");
    upstream.say("# Title\n\n", "one <script>alert(1)</script> ");
    assertThat(read(asked, 0, 1)).hasSize(1);
    upstream.say("*two*\n\n", "```java\nint a;\n");
    upstream.say("int b;\n", "```\n", "three");
    upstream.end();
    List<Event> first = read(asked, 0, 2);
    List<Event> rest = read(asked, first.getLast().id(), Long.MAX_VALUE);
    List<Event> all = read(asked, 0, Long.MAX_VALUE);

    List<Event> joined = new ArrayList<>(first);
    joined.addAll(rest);
    assertThat(joined).isEqualTo(all);
    assertThat(all).extracting(Event::id).isSorted().doesNotHaveDuplicates();
    assertThat(all.getLast().name()).isEqualTo("end");
    assertThat(all).extracting(Event::data).noneMatch(data -> data.contains("<script"));
    awaitState(asked, "complete");
    assertThat(message(asked))
        .contains("<h3>Title</h3>")
        .contains("&lt;script&gt;")
        .contains("<span class=\"kw\">int</span> b;")
        .contains("three");
  }

  @Test
  void whatIsStoppedStaysAndGoesOnOnRequest() throws Exception {
    Asked asked = ask("", 0, "count", "slow");
    upstream.say("one two ");
    assertThat(read(asked, 0, 1)).hasSize(1);
    post(at(asked) + "/stop", "{\"message\":" + asked.answer() + "}");
    awaitState(asked, "stopped");
    assertThat(message(asked))
        .contains("one two")
        .contains("You stopped it here.")
        .contains("data-continue");
    // Whatever still waits for words gets its end.
    upstream.end();

    int before = upstream.requests().size();
    post(at(asked) + "/continue", "{\"message\":" + asked.answer() + "}");
    await().atMost(PATIENCE).until(() -> upstream.requests().size() > before);
    upstream.say("three");
    upstream.end();
    awaitState(asked, "complete");
    assertThat(message(asked)).contains("one two three");
    JsonNode messages = upstream.requests().getLast().path("messages");
    assertThat(messages.path(messages.size() - 1).path("content").asString()).isEqualTo("one two ");
  }

  @Test
  void askingAgainAndEditingMakeBranchesThatOneCanGoBackTo() throws Exception {
    Asked first = ask("", 0, "question A", "tiny");
    awaitState(first, "complete");
    Asked again = asked(post(at(first) + "/again", "{\"message\":" + first.answer() + "}"));
    awaitState(again, "complete");
    assertThat(again.question()).isEqualTo(first.question());
    assertThat(message(again)).contains("2/2").contains("data-choose=\"" + first.answer() + "\"");

    Asked edited = ask(first.thread(), 0, "question B", "tiny");
    awaitState(edited, "complete");
    assertThat(li.get(at(first) + "/messages").body())
        .contains("question B")
        .doesNotContain("question A");
    post(at(first) + "/choose", "{\"message\":" + first.question() + "}");
    assertThat(li.get(at(first) + "/messages").body())
        .contains("question A")
        .contains("id=\"m" + again.answer() + "\"")
        .doesNotContain("question B");
  }

  @Test
  void twoModelsAnswerSideBySide() throws Exception {
    JsonNode begun = post("/console/chat/ask", question("", 0, "both", "tiny", "other"));
    upstream.say("from the other");
    upstream.end();
    Asked left = asked(begun);
    Asked right = new Asked(left.thread(), left.question(), begun.path("answers").path(1).asLong());
    awaitState(left, "complete");
    awaitState(right, "complete");
    String page = li.get(at(left)).body();
    assertThat(page).contains("class=\"beside\"").contains("from the other");
    post(at(left) + "/choose", "{\"message\":" + right.answer() + "}");
    Asked further = ask(left.thread(), right.answer(), "go on", "tiny");
    awaitState(further, "complete");
  }

  @Test
  void aRefusalIsToldInTheThreadInWords() throws Exception {
    Asked asked = ask("", 0, "hello", "nosuch");
    awaitState(asked, "failed");
    assertThat(message(asked)).contains("The model is not there any more: choose another.");
    Browser.Reply reply = li.json("/console/chat/ask", question("", 0, " ", "tiny"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(JSON.readTree(reply.body()).path("detail").asString())
        .isEqualTo("Write something first.");
    assertThat(li.json("/console/chat/ask", "[1").status()).isEqualTo(400);
    assertThat(li.get("/console/chat/not-an-id").status()).isEqualTo(404);
    assertThat(li.get(at(asked) + "/messages/99999999999").status()).isEqualTo(404);
  }

  @Test
  void aBudgetThatIsUsedUpIsToldInTheThread() throws Exception {
    for (String[] change :
        new String[][] {
          {"tenants", "{\"name\":\"acme\",\"currency\":\"CNY\",\"billing\":\"postpaid\"}"},
          {"tenants/acme/members", "{\"email\":\"li@example.com\",\"role\":\"developer\"}"},
          {
            "tenants/acme/budgets",
            "{\"level\":\"tenant\",\"unit\":\"requests\",\"period\":\"total\",\"amount\":\"1\"}"
          }
        }) {
      Browser.Reply made = li.json("/admin/v1/" + change[0], change[1]);
      assertThat(made.status()).as(made.body()).isEqualTo(201);
    }
    String ask = "/console/chat/ask?tenant=acme";
    Asked first = asked(post(ask, question("", 0, "one", "tiny")));
    String thread = at(first) + "?tenant=acme";
    await().atMost(PATIENCE).until(() -> li.get(thread).body().contains("data-state=\"complete\""));
    post(ask, question(first.thread(), first.answer(), "two", "tiny"));
    assertThat(li.get(thread).body())
        .contains("data-state=\"failed\"")
        .contains("The budget is used up: ask whoever looks after it for more.")
        .contains("the budget of 1 request");
    assertThat(li.get(at(first)).status()).as("of another tenant").isEqualTo(404);
  }

  @Test
  void findsRenamesArchivesAndDeletes() throws Exception {
    Asked asked = ask("", 0, "今天北京的天气怎么样", "tiny");
    awaitState(asked, "complete");
    String found = "/console/chats?q=" + java.net.URLEncoder.encode("天气", StandardCharsets.UTF_8);
    assertThat(li.get(found).body()).contains(asked.thread());
    post(at(asked) + "/rename", "{\"title\":\"Weather <b>\"}");
    assertThat(li.get("/console/chats").body()).contains("Weather &lt;b&gt;");
    post(at(asked) + "/archive", "{\"archived\":true}");
    assertThat(li.get("/console/chats").body()).doesNotContain(asked.thread());
    assertThat(li.get("/console/chats?archived=1").body()).contains(asked.thread());
    post(at(asked) + "/delete", "{}");
    assertThat(li.get(at(asked)).status()).isEqualTo(404);
    assertThat(li.get(found).body()).doesNotContain(asked.thread());
  }

  @Test
  void filesGoWithTheQuestion() throws Exception {
    Browser.Reply bad = li.upload("/console/chats/files", "a.pdf", new byte[] {1, 2, 3});
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.body()).contains("file_damaged");
    Browser.Reply kept =
        li.upload(
            "/console/chats/files", "notes.txt", "forty-two".getBytes(StandardCharsets.UTF_8));
    assertThat(kept.status()).as(kept.body()).isEqualTo(200);
    String id = JSON.readTree(kept.body()).path("id").asString();
    var body =
        (tools.jackson.databind.node.ObjectNode)
            JSON.readTree(question("", 0, "what is it", "slow"));
    body.putArray("files").add(id);
    int before = upstream.requests().size();
    Asked asked = asked(post("/console/chat/ask", body.toString()));
    upstream.say("It is 42.");
    upstream.end();
    awaitState(asked, "complete");
    assertThat(li.get(at(asked)).body()).contains("notes.txt");
    assertThat(upstream.requests().get(before).path("messages").path(0).path("content").asString())
        .isEqualTo("<file name=\"notes.txt\">\nforty-two\n</file>\n\nwhat is it");
  }

  @Test
  void anEditedQuestionTakesItsFilesAlong() throws Exception {
    List<String> ids = new ArrayList<>();
    for (String name : List.of("one.txt", "two.txt")) {
      Browser.Reply kept =
          li.upload("/console/chats/files", name, name.getBytes(StandardCharsets.UTF_8));
      ids.add(JSON.readTree(kept.body()).path("id").asString());
    }
    Asked first = asked(post("/console/chat/ask", questionWithFiles("", "which", ids)));
    awaitState(first, "complete");
    Asked edited =
        asked(
            post(
                "/console/chat/ask", questionWithFiles(first.thread(), "what", ids.subList(0, 1))));
    awaitState(edited, "complete");
    assertThat(li.get(at(first)).body()).contains("one.txt").doesNotContain("two.txt");
    post(at(first) + "/choose", "{\"message\":" + first.question() + "}");
    assertThat(li.get(at(first)).body()).contains("one.txt").contains("two.txt");
    Asked other = ask("", 0, "elsewhere", "tiny");
    awaitState(other, "complete");
    Browser.Reply stolen =
        li.json("/console/chat/ask", questionWithFiles(other.thread(), "mine", ids));
    assertThat(stolen.status()).as("files of another thread").isEqualTo(404);
  }

  private static String questionWithFiles(String thread, String text, List<String> files) {
    var body =
        (tools.jackson.databind.node.ObjectNode) JSON.readTree(question(thread, 0, text, "tiny"));
    var list = body.putArray("files");
    files.forEach(list::add);
    return body.toString();
  }

  @Test
  void whoSignsOutReadsNoFurtherAndTheAnswerGoesOn() throws Exception {
    Browser leaving = server.operator();
    assertThat(leaving.get("/console/chat").status()).isEqualTo(200);
    Asked asked =
        asked(
            JSON.readTree(
                leaving.json("/console/chat/ask", question("", 0, "go on", "slow")).body()));
    upstream.say("one ");
    var stream = leaving.open(events(asked)).body();
    assertThat(stream.read()).isPositive();
    assertThat(leaving.post("/sign-in/out", Map.of()).status()).isEqualTo(303);
    await().atMost(PATIENCE).until(() -> isOver(stream));
    upstream.say("two");
    upstream.end();
    awaitState(asked, "complete");
    assertThat(message(asked)).contains("one two");
  }

  private static boolean isOver(InputStream stream) {
    try {
      return stream.read() < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void strangersSeeNothingAndOtherPagesCanNotAsk() throws Exception {
    Asked asked = ask("", 0, "private", "tiny");
    awaitState(asked, "complete");
    Browser stranger = server.browser();
    assertThat(stranger.get(at(asked)).status()).isEqualTo(303);
    assertThat(stranger.get(events(asked)).status()).isEqualTo(401);
    assertThat(stranger.json("/console/chat/ask", question("", 0, "x", "tiny")).status())
        .isEqualTo(401);
    assertThat(li.postWith("wrong", "/console/chat/ask", Map.of()).status()).isEqualTo(403);
  }
}
