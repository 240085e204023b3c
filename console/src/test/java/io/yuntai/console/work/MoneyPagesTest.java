package io.yuntai.console.work;

import static io.yuntai.console.work.WorkServer.COST;
import static io.yuntai.console.work.WorkServer.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do about money: keys with budgets, costs, invoices, proofs. */
@ExtendWith(WorkServer.Shared.class)
class MoneyPagesTest {
  private static WorkServer work;

  @BeforeAll
  static void start(WorkServer shared) {
    work = shared;
  }

  @Test
  void aKeyWithABudgetIsMadeAndARequestsCostIsTheInvoicesLine() throws Exception {
    Browser payer = work.member("billed", "admin@billed.example", "admin");
    String key =
        WorkServer.keyOf(
            payer,
            "billed",
            Map.of("do", "create", "name", "ci", "project", "default", "budget", "1/day"));
    assertThat(payer.get("/console/develop?tenant=billed").body())
        .as("its text is told once")
        .doesNotContain(key);
    assertThat(work.ask(key)).isEqualTo(200);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(payer.get("/console/develop?tenant=billed").body()).contains(COST));
    String money = payer.get("/console/money?tenant=billed").body();
    assertThat(money).contains(COST).contains("key " + key.substring(3, 11));
    String csv = payer.get("/console/money?tenant=billed&format=csv").body();
    assertThat(csv).contains(",echo,1,1000,0,250,0.005000001000,CNY");

    String requests = payer.get("/console/requests?tenant=billed&model=echo").body();
    Matcher one = Pattern.compile("href=\"(/console/requests/billed/[^\"]+)\"").matcher(requests);
    assertThat(one.find()).as(requests).isTrue();
    String proof = payer.get(one.group(1)).body();
    assertThat(proof).contains("list@1").contains(COST).contains("revenue");

    work.operator().get("/console/money?tenant=billed");
    Reply issued = work.operator().post("/console/money?tenant=billed", Map.of("do", "invoice"));
    assertThat(issued.status()).as(issued.body()).isEqualTo(303);
    String invoice = payer.get(issued.location()).body();
    assertThat(invoice).contains(COST).contains("CN¥0.01").doesNotContain("0.01 CNY");
    String invoices = payer.get("/console/money?tenant=billed").body();
    assertThat(invoices.substring(invoices.indexOf("table-invoices")))
        .as("periods and amounts are written as people write them")
        .contains("CN¥0.01")
        .doesNotContainPattern("<td[^>]*>[0-9]{4}-[0-9]{2}-[0-9]{2}");
    assertThat(payer.get("/console/money?tenant=billed&table=invoices&format=csv").body())
        .as("and in the file as programs read them")
        .containsPattern("[0-9]{4}-[0-9]{2}-[0-9]{2}T[^,]+ to [^,]+Z,.*,0\\.01,");
    assertThat(payer.get(issued.location() + "?verify=yes").body()).contains("It holds");
    assertThat(work.developer().get(issued.location()).status())
        .as("of another tenant")
        .isIn(403, 404);
  }

  @Test
  void whatAPersonAsksInTheChatIsThePersons() throws Exception {
    Browser ann = work.member("chatting", "ann@chatting.example", "admin");
    Browser bob = work.member("chatting", "bob@chatting.example", "developer");
    asks(ann, "hi");
    asks(bob, "ho");
    asks(bob, "hum");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(ann.get("/console/money?tenant=chatting").body())
                .contains("ann@chatting.example, in the console")
                .contains("bob@chatting.example, in the console")
                .doesNotContain("nobody&#39;s"));
    assertThat(ann.get("/console/money?tenant=chatting&format=csv").body())
        .contains("project,key,key_name,person,model", "default,,,ann@chatting.example,echo,1");
    Matcher link =
        Pattern.compile("href=\"([^\"]+)\">bob@chatting.example, in the console")
            .matcher(ann.get("/console/money?tenant=chatting").body());
    assertThat(link.find()).isTrue();
    String log = link.group(1).replace("&amp;", "&");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(requests(ann.get(log).body())).as("bob's own, of three").isEqualTo(2));
    assertThat(ann.get(log).body()).contains("value=\"bob@chatting.example\"");
    assertThat(requests(work.operator().get(log).body())).isEqualTo(2);
    assertThat(requests(ann.get(log.replace("bob%40", "nobody%40")).body())).isZero();
    assertThat(work.developer().get(log).status()).as("of another tenant").isIn(403, 404);
  }

  private static void asks(Browser who, String text) throws Exception {
    who.get("/console/chat?tenant=chatting");
    Reply asked =
        who.json(
            "/console/chat/ask",
            "{\"thread\":\"\",\"parent\":0,\"text\":\"%s\",\"models\":[\"echo\"],\"parameters\":{}}"
                .formatted(text));
    assertThat(asked.status()).as(asked.body()).isEqualTo(200);
  }

  private static int requests(String page) {
    return (int)
        Pattern.compile("<td><a href=\"/console/requests/chatting/")
            .matcher(page)
            .results()
            .count();
  }

  @Test
  void budgetsAreSetChangedAndEnded() throws Exception {
    work.admin().get("/console/money?tenant=acme");
    Map<String, String> set =
        Map.of("do", "budget", "budget", "900k tokens/week", "hard", "no", "target", "");
    assertThat(work.admin().post("/console/money?tenant=acme", set).status()).isEqualTo(303);
    String page = work.admin().get("/console/money?tenant=acme").body();
    assertThat(page).contains("900,000 tokens").contains("only tells");
    Reply wrong =
        work.admin()
            .post(
                "/console/money?tenant=acme",
                Map.of("do", "budget", "budget", "much", "hard", "yes", "target", ""));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("is no budget").contains("value=\"much\"");
    Matcher id = Pattern.compile("name=\"budget-id\" value=\"([0-9]+)\"").matcher(page);
    assertThat(id.find()).isTrue();
    Map<String, String> change =
        Map.of("do", "budget-change", "budget-id", id.group(1), "amount", "800000", "hard", "no");
    work.admin().get("/console/money?tenant=acme");
    assertThat(work.admin().post("/console/money?tenant=acme", change).status()).isEqualTo(303);
    assertThat(work.admin().get("/console/money?tenant=acme").body()).contains("800,000 tokens");
    Map<String, String> end = Map.of("do", "budget-end", "budget-id", id.group(1));
    assertThat(work.admin().post("/console/money?tenant=acme", end).status()).isEqualTo(303);
    assertThat(work.admin().get("/console/money?tenant=acme").body())
        .doesNotContain("800,000 tokens");
  }

  @Test
  void theLedgerIsVerifiedOnRequestAndEachRuleIsTold() throws Exception {
    work.operator().get("/console/money/proof");
    assertThat(work.operator().post("/console/money/proof", Map.of()).status()).isEqualTo(303);
    assertThat(work.developer().get("/console/money/proof?tenant=acme").body())
        .contains("counters-within-limits")
        .contains("holds");
  }
}
