package io.yuntai.console.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.console.testing.ConsoleServer;
import io.yuntai.console.testing.EchoUpstream;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Tenancy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do on the pages of work, on a real server with a real database. */
class WorkPagesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  /** 1,000 tokens at 2.5 and 250 at 10.000004 a million. */
  private static final String COST = "0.005000001";

  @TempDir static Path folder;
  private static EchoUpstream upstream;
  private static ConsoleServer server;
  private static Browser operator;
  private static Browser admin;
  private static Browser developer;

  @BeforeAll
  static void start() throws Exception {
    upstream = EchoUpstream.start();
    server = ConsoleServer.start(folder, upstream.routes(), List.of());
    operator = server.operator();
    assertThat(operator.follow("/console").body()).contains("<h1>Now</h1>");
    for (String tenant : List.of("acme", "billed", "followed", "keeping", "logged")) {
      operator.get("/console/tenants");
      operator.post("/console/tenants", Map.of("name", tenant, "currency", "CNY"));
    }
    admin = member("acme", "admin@acme.example", "admin");
    developer = member("acme", "dev@acme.example", "developer");
    try (Database database = Database.connect(folder.resolve("home")).orElseThrow()) {
      PriceStore prices = new PriceStore(database.dataSource(), new Actor("cli:tester", "local"));
      prices.draft(
          PriceListCsv.read(
              "list",
              IsoCurrency.of("CNY"),
              ZoneOffset.UTC,
              LONG_AGO,
              "model,input,output\necho,2.5,10.000004\n"),
          "");
      prices.publish("list", 1, LONG_AGO);
      for (String tenant : List.of("acme", "billed", "followed")) {
        prices.agree(tenantId(database, tenant), "list", LONG_AGO, List.of());
      }
    }
  }

  private static long tenantId(Database database, String name) {
    return new Tenancy(new Transactions(database.dataSource())).organisations().find(name).id();
  }

  @AfterAll
  static void stop() {
    server.close();
    upstream.close();
  }

  private static Browser member(String tenant, String email, String role) throws Exception {
    String page = "/console/tenants/" + tenant;
    operator.get(page);
    operator.post(page, Map.of("do", "add", "email", email, "role", role));
    operator.get(page);
    Reply made = operator.post(page, Map.of("do", "link", "email", email));
    Matcher link = Pattern.compile("/sign-in#(yt-link-[A-Za-z0-9_-]+)").matcher(made.body());
    assertThat(link.find()).as(made.body()).isTrue();
    Browser browser = server.browser();
    browser.post(
        "/sign-in/link", Map.of("token", link.group(1), "password", "of glass and 19 reeds"));
    browser.follow("/console");
    return browser;
  }

  private static String keyOf(Browser who, Map<String, String> form) throws Exception {
    return keyOf(who, "acme", form);
  }

  private static String keyOf(Browser who, String tenant, Map<String, String> form)
      throws Exception {
    who.get("/console/develop?tenant=" + tenant);
    Reply made = who.post("/console/develop?tenant=" + tenant, form);
    Matcher key = Pattern.compile("id=\"made-key\">(yt-[A-Za-z0-9_-]+)<").matcher(made.body());
    assertThat(key.find()).as(made.body()).isTrue();
    return key.group(1);
  }

  private static int ask(String key) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.base().resolve("/v1/chat/completions"))
                  .header("Authorization", "Bearer " + key)
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode();
    }
  }

  @Test
  void aKeyWithABudgetIsMadeAndARequestsCostIsTheInvoicesLine() throws Exception {
    Browser payer = member("billed", "admin@billed.example", "admin");
    String key =
        keyOf(
            payer,
            "billed",
            Map.of("do", "create", "name", "ci", "project", "default", "budget", "1/day"));
    assertThat(payer.get("/console/develop?tenant=billed").body())
        .as("its text is told once")
        .doesNotContain(key);
    assertThat(ask(key)).isEqualTo(200);

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

    operator.get("/console/money?tenant=billed");
    Reply issued = operator.post("/console/money?tenant=billed", Map.of("do", "invoice"));
    assertThat(issued.status()).as(issued.body()).isEqualTo(303);
    String invoice = payer.get(issued.location()).body();
    assertThat(invoice).contains(COST);
    assertThat(payer.get(issued.location() + "?verify=yes").body()).contains("It holds");
    assertThat(developer.get(issued.location()).status()).as("of another tenant").isIn(403, 404);
  }

  @Test
  void aRequestIsAskedAgainWhereItsTenantKeepsTexts() throws Exception {
    Browser asker = member("keeping", "admin@keeping.example", "admin");
    String key = keyOf(asker, "keeping", Map.of("do", "create", "name", "k", "project", "default"));
    assertThat(ask(key)).isEqualTo(200);
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
                  assertThat(ask(key)).isEqualTo(200);
                  String one = newest(asker, "keeping");
                  return asker.get(one).body().contains(EchoUpstream.SAYS) ? one : "";
                },
                one -> !one.isEmpty());
    String told = asker.get(kept).body();
    assertThat(told).contains("<pre>hi</pre>").contains("Ask again");
    Browser other = member("keeping", "looks@keeping.example", "auditor");
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

  @Test
  void everyTableIsAFileOfAllItsRowsAndIsSortedByItsAddress() throws Exception {
    try (Database database = Database.connect(folder.resolve("home")).orElseThrow()) {
      long org = tenantId(database, "logged");
      List<LoggedRequest> rows = new ArrayList<>();
      for (int i = 0; i < 2_300; i++) {
        rows.add(logged("req_logged" + i, org, Instant.now().minusSeconds(i)));
      }
      new RequestLog(new Transactions(database.dataSource())).write(rows);
    }
    String file = operator.get("/console/requests?tenant=logged&format=csv&status=200").body();
    assertThat(file.lines()).hasSize(2_301).first().asString().contains("request_id");
    assertThat(file).contains("req_logged0").contains("req_logged2299");
    String page = operator.get("/console/requests?tenant=logged").body();
    assertThat(page).contains("table=requests&amp;format=csv").contains("cursor=");

    for (String table : List.of("money-tree", "budgets", "invoices", "account")) {
      Reply reply = admin.get("/console/money?tenant=acme&format=csv&table=" + table);
      assertThat(reply.status()).as(table).isEqualTo(200);
      assertThat(reply.header("Content-Type")).as(table).startsWith("text/csv");
      assertThat(reply.body().lines().findFirst().orElse("")).as(table).contains(",");
    }
    assertThat(
            operator.get("/console/requests?tenant=logged&format=csv&table=requests-bars").body())
        .startsWith("\uFEFFfrom,requests,failed")
        .contains("Z,");
    assertThat(operator.get("/console/now?format=csv&table=now-work").body())
        .startsWith("\uFEFFsince,urgency,what,effect,cause,next,where");
    assertThat(admin.get("/console/now?tenant=acme&format=csv&table=now-strip").body().lines())
        .hasSize(97)
        .first()
        .asString()
        .contains("from,requests,failed,tokens");
    assertThat(admin.get("/console/money/proof?tenant=acme&format=csv&table=rules").body())
        .startsWith("\uFEFFrule,says,rows,bad,first_bad");
    assertThat(admin.get("/console/money/proof?tenant=acme&format=csv&table=open").body())
        .startsWith("\uFEFFkind,tenant,what,count,since,example");
    assertThat(admin.get("/console/develop?tenant=acme&format=csv&table=keys").body())
        .contains("last_used");
    assertThat(admin.get("/console/tenants/acme/projects?format=csv&table=accounts").body())
        .startsWith("\uFEFFname,project,role");
    assertThat(admin.get("/console/settings?format=csv").body()).contains("agent,origin,method");

    List<String> rising = names(operator.get("/console/models?sort=model").body());
    List<String> falling = names(operator.get("/console/models?sort=-model").body());
    assertThat(rising).hasSizeGreaterThan(3).isEqualTo(falling.reversed());
    assertThat(operator.get("/console/models?sort=-model").body())
        .contains("aria-sort=\"descending\"");
  }

  @Test
  void chinesePagesSayNothingInEnglishThatIsNotMarkedAsSuch() throws Exception {
    Browser reader =
        server.browser().with("Accept-Language", "zh-CN").with("Cookie", operator.cookies());
    assertThat(ask(keyOf(admin, Map.of("do", "create", "name", "zh", "project", "default"))))
        .isEqualTo(200);
    for (String page :
        List.of(
            "now",
            "models",
            "models/qwen2.5-coder:0.5b",
            "models/nothing:1b",
            "money?tenant=acme",
            "money/proof",
            "develop?tenant=acme",
            "requests",
            "requests-compare?one=a&other=b",
            "tenants",
            "tenants/acme",
            "tenants/acme/projects",
            "tenants/acme/budgets",
            "tenants/acme/terms",
            "tenants/acme/look",
            "tenants/nobody",
            "settings")) {
      String told = reader.get("/console/" + page).body();
      assertThat(told).as(page).contains("lang=\"zh");
      String own =
          told.replaceAll("(?s)<(code|pre|script|style|datalist)\\b.*?</\\1>", "")
              .replaceAll("(?s)<(\\w+)[^>]* lang=\"en\"[^>]*>.*?</\\1>", "")
              .replaceAll("(?s)<[^>]*>", "\n");
      assertThat(Pattern.compile("[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+").matcher(own).results())
          .as(page)
          .extracting(MatchResult::group)
          .isEmpty();
    }
  }

  private static List<String> names(String page) {
    return Pattern.compile("href=\"/console/models/[^\"]+\">([^<]+)<")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static LoggedRequest logged(String id, long org, Instant at) {
    return new LoggedRequest(
        id,
        at,
        new LoggedRequest.Asker(org, 0, 0, 0, "test"),
        new LoggedRequest.Asked("openai", "chat", "echo", false, ""),
        LoggedRequest.Served.NONE,
        new LoggedRequest.Stages(1, 1, 1, 1, 1, 1, 1, 1, 8),
        MeteredTokens.NONE,
        new LoggedRequest.Outcome(200, "", "stop"),
        LoggedRequest.Cost.NONE);
  }

  private static String newest(Browser who, String tenant) throws Exception {
    String requests = who.get("/console/requests?tenant=" + tenant).body();
    Matcher one =
        Pattern.compile("href=\"(/console/requests/" + tenant + "/[^\"]+)\"").matcher(requests);
    return one.find() ? one.group(1) : "";
  }

  @Test
  void rolesAreRespectedOnEveryPageAndForm() throws Exception {
    for (String page : List.of("now", "models", "money", "develop", "requests", "money/proof")) {
      Reply reply = developer.get("/console/" + page + "?tenant=acme");
      assertThat(reply.status()).as(page).isEqualTo(200);
      assertThat(developer.get("/console/" + page + "?tenant=default").status())
          .as("another tenant's %s", page)
          .isIn(403, 404);
    }
    developer.get("/console/money?tenant=acme");
    Reply budget =
        developer.post(
            "/console/money?tenant=acme",
            Map.of("do", "budget", "budget", "5/day", "hard", "yes", "target", ""));
    assertThat(budget.status()).isEqualTo(403);
    assertThat(developer.post("/console/models", Map.of("do", "pull", "model", "x:1b")).status())
        .isEqualTo(403);
    assertThat(developer.post("/console/money/proof", Map.of()).status()).isEqualTo(403);
    assertThat(developer.get("/console/models").body())
        .as("others see what is served, not what could be")
        .contains("echo")
        .doesNotContain("qwen2.5-coder:0.5b");
    assertThat(operator.get("/console/models").body()).contains("qwen2.5-coder:0.5b");
  }

  @Test
  void budgetsAreSetChangedAndEnded() throws Exception {
    admin.get("/console/money?tenant=acme");
    Map<String, String> set =
        Map.of("do", "budget", "budget", "900k tokens/week", "hard", "no", "target", "");
    assertThat(admin.post("/console/money?tenant=acme", set).status()).isEqualTo(303);
    String page = admin.get("/console/money?tenant=acme").body();
    assertThat(page).contains("900,000 tokens").contains("only tells");
    Reply wrong =
        admin.post(
            "/console/money?tenant=acme",
            Map.of("do", "budget", "budget", "much", "hard", "yes", "target", ""));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("is no budget").contains("value=\"much\"");
    Matcher id = Pattern.compile("name=\"budget-id\" value=\"([0-9]+)\"").matcher(page);
    assertThat(id.find()).isTrue();
    admin.get("/console/money?tenant=acme");
  }

  @Test
  void theLedgerIsVerifiedOnRequestAndEachRuleIsTold() throws Exception {
    operator.get("/console/money/proof");
    assertThat(operator.post("/console/money/proof", Map.of()).status()).isEqualTo(303);
    assertThat(developer.get("/console/money/proof?tenant=acme").body())
        .contains("counters-within-limits")
        .contains("holds");
  }

  @Test
  void liveFiguresComeAsEvents() throws Exception {
    operator.get("/console/now");
    String event = operator.firstEvent("/console/now/live");
    assertThat(event)
        .startsWith("{\"set\":{\"now-speed-value\":")
        .contains("\"parts\":{\"now-work\":");
    assertThat(server.browser().get("/console/now/live").status()).isEqualTo(401);
  }

  /**
   * What changes between a page and the start of its stream is told by the stream's first event.
   */
  @Test
  void aPageKnowsWhatItIsMadeFromAndItsStreamTellsWhatHasChanged() throws Exception {
    Browser payer = member("followed", "admin@followed.example", "admin");
    String key =
        keyOf(payer, "followed", Map.of("do", "create", "name", "k", "project", "default"));
    String before = state(payer.get("/console/develop?tenant=followed").body());
    assertThat(payer.firstEvent("/console/develop-live?tenant=followed")).contains(before);
    assertThat(ask(key)).isEqualTo(200);
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
            developer
                .get("/console/develop?tenant=acme&api=" + api + "&language=" + language)
                .body();
        assertThat(page)
            .as("%s %s", api, language)
            .contains("id=\"code\"")
            .contains("YUNTAI_API_KEY");
        assertThat(code(page)).contains(server.base().toString() + "/").contains("echo");
      }
    }
    assertThat(developer.get("/console/develop?tenant=acme&client=claude-code").body())
        .contains("ANTHROPIC_BASE_URL");
  }

  @Test
  void javaCodeOfThePageRunsAsItStands() throws Exception {
    String key = keyOf(developer, Map.of("do", "create", "name", "java", "project", "default"));
    for (String api : List.of("openai", "anthropic", "dashscope")) {
      String page = developer.get("/console/develop?tenant=acme&language=java&api=" + api).body();
      Path file = Files.createDirectories(folder.resolve(api)).resolve("Ask.java");
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
    String key = keyOf(admin, Map.of("do", "create", "name", "old", "project", "default"));
    String page = admin.get("/console/develop?tenant=acme").body();
    Matcher id =
        Pattern.compile("<td>old</td>.*?name=\"key\" value=\"([^\"]+)\"", Pattern.DOTALL)
            .matcher(page);
    assertThat(id.find()).isTrue();
    String next = keyOf(admin, Map.of("do", "rotate", "key", id.group(1), "overlap", "24"));
    assertThat(next).isNotEqualTo(key);
    assertThat(ask(key)).isEqualTo(200);
    assertThat(ask(next)).isEqualTo(200);
    admin.get("/console/develop?tenant=acme");
    Reply revoked =
        admin.post("/console/develop?tenant=acme", Map.of("do", "revoke", "key", id.group(1)));
    assertThat(revoked.status()).isEqualTo(303);
    await().atMost(PATIENCE).until(() -> ask(key) == 401);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    for (String path :
        List.of(
            "/console/requests/acme/nothing",
            "/console/models/nothing:1b",
            "/console/money/invoices/acme/INV-2026-999999",
            "/console/requests-compare?one=a&other=b")) {
      assertThat(admin.get(path).status()).as(path).isEqualTo(404);
    }
  }
}
