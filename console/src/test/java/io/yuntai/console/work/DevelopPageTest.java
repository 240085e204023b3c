package io.yuntai.console.work;

import static io.yuntai.console.work.WorkServer.COST;
import static io.yuntai.console.work.WorkServer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.console.testing.EchoUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What developers do: keys, code that works as it stands, their requests as they come. */
@ExtendWith(WorkServer.Shared.class)
class DevelopPageTest {
  private static WorkServer work;

  @BeforeAll
  static void start(WorkServer shared) {
    work = shared;
  }

  /**
   * What changes between a page and the start of its stream is told by the stream's first event.
   */
  @Test
  void aPageKnowsWhatItIsMadeFromAndItsStreamTellsWhatHasChanged() throws Exception {
    Browser payer = work.member("followed", "admin@followed.example", "admin");
    String key =
        WorkServer.keyOf(
            payer, "followed", Map.of("do", "create", "name", "k", "project", "default"));
    String before = state(payer.get("/console/develop?tenant=followed").body());
    assertThat(payer.firstEvent("/console/develop-live?tenant=followed")).contains(before);
    assertThat(work.ask(key)).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .until(() -> payer.get("/console/develop?tenant=followed").body().contains(COST));
    assertThat(payer.firstEvent("/console/develop-live?tenant=followed"))
        .contains("develop-requests")
        .doesNotContain(before);
  }

  private static String state(String page) {
    Matcher state =
        Pattern.compile("data-state=\"\\{&#34;develop-requests&#34;:&#34;([-0-9a-f]+)&#34;")
            .matcher(page);
    assertThat(state.find()).as(page).isTrue();
    return state.group(1);
  }

  @Test
  void codeInEveryApiAndLanguageNamesThisServer() throws Exception {
    for (String api : List.of("openai", "anthropic", "dashscope")) {
      for (String language : List.of("curl", "python", "javascript", "java")) {
        String page =
            work.developer()
                .get("/console/develop?tenant=acme&api=" + api + "&language=" + language)
                .body();
        assertThat(page)
            .as("%s %s", api, language)
            .contains("id=\"code\"")
            .contains("YUNTAI_API_KEY");
        assertThat(code(page)).contains(work.server().base().toString() + "/").contains("echo");
      }
    }
    assertThat(work.developer().get("/console/develop?tenant=acme&client=claude-code").body())
        .contains("ANTHROPIC_BASE_URL");
  }

  @Test
  void javaCodeOfThePageRunsAsItStands() throws Exception {
    String key =
        WorkServer.keyOf(
            work.developer(), "acme", Map.of("do", "create", "name", "java", "project", "default"));
    for (String api : List.of("openai", "anthropic", "dashscope")) {
      String page =
          work.developer().get("/console/develop?tenant=acme&language=java&api=" + api).body();
      Path file = Files.createDirectories(work.folder().resolve(api)).resolve("Ask.java");
      Files.writeString(file, code(page));
      ProcessBuilder java =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  file.toString())
              .redirectErrorStream(true);
      java.environment().put("YUNTAI_API_KEY", key);
      Process process = java.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", api, printed).isZero();
      assertThat(printed.strip()).as(api).isEqualTo(EchoUpstream.SAYS);
    }
  }

  private static String code(String page) {
    Matcher code = Pattern.compile("id=\"code\"[^>]*>([^<]*)<").matcher(page);
    assertThat(code.find()).isTrue();
    return code.group(1)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  @Test
  void keysAreRotatedAndRevoked() throws Exception {
    String key =
        WorkServer.keyOf(
            work.admin(), "acme", Map.of("do", "create", "name", "old", "project", "default"));
    String page = work.admin().get("/console/develop?tenant=acme").body();
    Matcher id =
        Pattern.compile("<td>old\\s*</td>.*?name=\"key\" value=\"([^\"]+)\"", Pattern.DOTALL)
            .matcher(page);
    assertThat(id.find()).isTrue();
    String next =
        WorkServer.keyOf(
            work.admin(), "acme", Map.of("do", "rotate", "key", id.group(1), "overlap", "24"));
    assertThat(next).isNotEqualTo(key);
    assertThat(work.ask(key)).isEqualTo(200);
    assertThat(work.ask(next)).isEqualTo(200);
    work.admin().get("/console/develop?tenant=acme");
    Reply revoked =
        work.admin()
            .post("/console/develop?tenant=acme", Map.of("do", "revoke", "key", id.group(1)));
    assertThat(revoked.status()).isEqualTo(303);
    await().atMost(PATIENCE).until(() -> work.ask(key) == 401);
  }
}
