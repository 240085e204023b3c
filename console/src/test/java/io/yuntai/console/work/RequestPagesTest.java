package io.yuntai.console.work;

import static io.yuntai.console.work.WorkServer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.console.testing.EchoUpstream;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What became of requests: their texts where these are kept, asked again, compared. */
@ExtendWith(WorkServer.Shared.class)
class RequestPagesTest {
  private static WorkServer work;

  @BeforeAll
  static void start(WorkServer shared) {
    work = shared;
  }

  @Test
  void theLogTellsOfRequestsThatCameSince() throws Exception {
    Browser reader = work.member("chatting", "logs@chatting.example", "admin");
    String key =
        WorkServer.keyOf(
            reader, "chatting", Map.of("do", "create", "name", "new", "project", "default"));
    String log = "/console/requests?tenant=chatting&dialect=openai";
    Matcher live = Pattern.compile("<y-live src=\"([^\"]+)\"").matcher(reader.get(log).body());
    assertThat(live.find()).isTrue();
    String events = live.group(1).replace("&amp;", "&");
    assertThat(reader.firstEvent(events)).contains("\"requests-new\":\"\"");
    assertThat(work.ask(key)).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(reader.firstEvent(events)).contains("Show new requests: 1"));
    assertThat(reader.firstEvent(events.replace("openai", "anthropic")))
        .as("through the same filter")
        .contains("\"requests-new\":\"\"");
    assertThat(work.developer().get(events).status()).as("of another tenant").isNotEqualTo(200);
    for (String elsewhere : List.of("&sort=-total_micros", "&to=2026-01-01")) {
      assertThat(reader.get(log + elsewhere).body()).doesNotContain("<y-live");
    }
  }

  @Test
  void aRequestIsAskedAgainWhereItsTenantKeepsTexts() throws Exception {
    Browser asker = work.member("keeping", "admin@keeping.example", "admin");
    String key =
        WorkServer.keyOf(
            asker, "keeping", Map.of("do", "create", "name", "k", "project", "default"));
    assertThat(work.ask(key)).isEqualTo(200);
    String page =
        await().atMost(PATIENCE).until(() -> newest(asker, "keeping"), one -> !one.isEmpty());
    assertThat(asker.get(page).body())
        .contains("Not kept: nothing of what this tenant asks")
        .contains("/console/tenants/keeping/terms#texts");

    asker.get("/console/tenants/keeping/terms");
    Map<String, String> days = Map.of("do", "texts", "days", "7");
    assertThat(asker.post("/console/tenants/keeping/terms", days).status()).isEqualTo(303);
    assertThat(asker.get("/console/tenants/keeping/terms").body()).contains("is kept for 7 days");

    // A gateway hears of the change within seconds.
    String kept =
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  assertThat(work.ask(key)).isEqualTo(200);
                  String one = newest(asker, "keeping");
                  return asker.get(one).body().contains(EchoUpstream.SAYS) ? one : "";
                },
                one -> !one.isEmpty());
    String told = asker.get(kept).body();
    assertThat(told).contains("<pre>hi</pre>").contains("Ask again");
    Browser other = work.member("keeping", "looks@keeping.example", "auditor");
    assertThat(other.get(kept).body()).as("an auditor").doesNotContain("<pre>hi</pre>");

    asker.get(kept);
    Reply again = asker.post(kept, Map.of("model", "echo"));
    assertThat(again.status()).as(again.body()).isEqualTo(303);
    assertThat(again.location()).startsWith("/console/requests-compare?");
    String compared =
        await()
            .atMost(PATIENCE)
            .until(
                () -> asker.get(again.location()).body(),
                body -> !body.contains("It is being answered"));
    assertThat(compared).contains("Both answers are the same, word for word");
    Matcher other2 = Pattern.compile("other=(req_[0-9a-f]+)").matcher(again.location());
    assertThat(other2.find()).isTrue();
    assertThat(asker.get("/console/requests/keeping/" + other2.group(1)).body())
        .as("a request like any other")
        .contains("1,000 → 250")
        .contains("<pre>hi</pre>");

    asker.get(kept);
    Reply nobody = asker.post(kept, Map.of("model", "no-such-model"));
    assertThat(nobody.status()).isEqualTo(404);
    asker.get("/console/tenants/keeping/terms");
    asker.post("/console/tenants/keeping/terms", Map.of("do", "texts", "days", "0"));
    assertThat(asker.get(kept).body()).doesNotContain("<pre>hi</pre>");
  }

  private static String newest(Browser who, String tenant) throws Exception {
    String requests = who.get("/console/requests?tenant=" + tenant).body();
    Matcher one =
        Pattern.compile("href=\"(/console/requests/" + tenant + "/[^\"]+)\"").matcher(requests);
    return one.find() ? one.group(1) : "";
  }
}
