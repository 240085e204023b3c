package io.yuntai.console.work;

import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all pages of work have in common, on a real server with a real database. */
@ExtendWith(WorkServer.Shared.class)
class WorkPagesTest {
  private static WorkServer work;

  @BeforeAll
  static void start(WorkServer shared) {
    work = shared;
  }

  @Test
  void everyTableIsAFileOfAllItsRowsAndIsSortedByItsAddress() throws Exception {
    try (Database database = work.database()) {
      long org = WorkServer.tenantId(database, "logged");
      List<LoggedRequest> rows = new ArrayList<>();
      for (int i = 0; i < 2_300; i++) {
        rows.add(logged("req_logged" + i, org, Instant.now().minusSeconds(i), i * 37L % 2_300));
      }
      new RequestLog(new Transactions(database.dataSource())).write(rows);
    }
    String file =
        work.operator().get("/console/requests?tenant=logged&format=csv&status=200").body();
    assertThat(file.lines()).hasSize(2_301).first().asString().contains("request_id");
    assertThat(file).contains("req_logged0").contains("req_logged2299");
    String page = work.operator().get("/console/requests?tenant=logged").body();
    assertThat(page).contains("table=requests&amp;format=csv").contains("cursor=");

    assertThat(page).contains("aria-sort=\"descending\"").contains("sort=-total_micros");
    String slowest =
        work.operator().get("/console/requests?tenant=logged&sort=-total_micros").body();
    assertThat(ids(slowest)).hasSize(100).startsWith(2_299L).isSortedAccordingTo(reverseOrder());
    Matcher next = Pattern.compile("href=\"([^\"]*cursor=[^\"]+)\"").matcher(slowest);
    assertThat(next.find()).isTrue();
    assertThat(ids(work.operator().get(next.group(1).replace("&amp;", "&")).body()))
        .as("the next page")
        .startsWith(2_199L);
    String sortedFile =
        work.operator()
            .get("/console/requests?tenant=logged&format=csv&table=requests&sort=total_micros")
            .body();
    assertThat(sortedFile.lines().skip(1).findFirst().orElseThrow()).contains("req_logged0");

    for (String table : List.of("money-tree", "money-budgets", "invoices", "account")) {
      Reply reply = work.admin().get("/console/money?tenant=acme&format=csv&table=" + table);
      assertThat(reply.status()).as(table).isEqualTo(200);
      assertThat(reply.header("Content-Type")).as(table).startsWith("text/csv");
      assertThat(reply.body().lines().findFirst().orElse("")).as(table).contains(",");
    }
    assertThat(
            work.operator()
                .get("/console/requests?tenant=logged&format=csv&table=requests-bars")
                .body())
        .startsWith("\uFEFFfrom,requests,failed")
        .contains("Z,");
    assertThat(work.operator().get("/console/now?format=csv&table=now-work").body())
        .startsWith("\uFEFFsince,urgency,what,effect,cause,next,where");
    assertThat(
            work.admin().get("/console/now?tenant=acme&format=csv&table=now-strip").body().lines())
        .hasSize(97)
        .first()
        .asString()
        .contains("from,requests,failed,tokens");
    assertThat(work.admin().get("/console/money/proof?tenant=acme&format=csv&table=rules").body())
        .startsWith("\uFEFFrule,says,rows,bad,first_bad");
    assertThat(work.admin().get("/console/money/proof?tenant=acme&format=csv&table=open").body())
        .startsWith("\uFEFFkind,tenant,what,count,since,example");
    assertThat(work.admin().get("/console/develop?tenant=acme&format=csv&table=keys").body())
        .contains("last_used");
    assertThat(work.admin().get("/console/tenants/acme/projects?format=csv&table=accounts").body())
        .startsWith("\uFEFFname,project,role");
    assertThat(work.admin().get("/console/settings?format=csv").body())
        .contains("agent,origin,method");

    List<String> rising = names(work.operator().get("/console/models?sort=model").body());
    List<String> falling = names(work.operator().get("/console/models?sort=-model").body());
    assertThat(rising).hasSizeGreaterThan(3).isEqualTo(falling.reversed());
    assertThat(work.operator().get("/console/models?sort=-model").body())
        .contains("aria-sort=\"descending\"");
  }

  @Test
  void theColumnsOfEveryTableAreChosenByTheAddressAndRemembered() throws Exception {
    Browser admin = work.member("choosing", "ann@choosing.example", "admin");
    String money = "/console/money?tenant=choosing";
    assertThat(heads(admin.get(money).body(), "money-tree")).contains("Input tokens", "Amount");
    assertThat(heads(admin.get(money + "&table=money-tree&columns=of.amount").body(), "money-tree"))
        .containsExactly("Tenant, project, key or person, model", "Amount");
    assertThat(heads(admin.get(money).body(), "money-tree"))
        .as("remembered")
        .containsExactly("Tenant, project, key or person, model", "Amount");
    String keys = "/console/develop?tenant=choosing";
    admin.get(keys);
    admin.post(keys, Map.of("do", "create", "name", "chosen", "project", "default"));
    assertThat(heads(admin.get(keys + "&table=keys&columns=name&columns=created").body(), "keys"))
        .containsExactly("Name", "Made");
    Browser operator = work.operator();
    operator.get("/console/money/proof");
    operator.post("/console/money/proof", Map.of());
    assertThat(
            heads(
                operator.get("/console/money/proof?table=rules&columns=rule.bad").body(), "rules"))
        .containsExactly("Rule", "Broken");
  }

  /** The columns that a page's table shows. */
  private static List<String> heads(String page, String table) {
    String from = page.substring(page.indexOf("id=\"table-" + table + "\""));
    String head = from.substring(0, from.indexOf("</thead>"));
    return Pattern.compile("<th [^>]*>(?:<a [^>]*>)?([^<]+)")
        .matcher(head)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static List<String> names(String page) {
    return Pattern.compile("href=\"/console/models/[^\"]+\">([^<]+)<")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void theOperatorsTenantsAreFilteredAndSortedByTheAddress() throws Exception {
    Browser operator = work.operator();
    assertThat(tenants(operator.get("/console/tenants?find=AC&status=active").body()))
        .contains("acme")
        .doesNotContain("billed");
    assertThat(tenants(operator.get("/console/tenants?billing=postpaid&find=ill").body()))
        .containsExactly("billed");
    assertThat(operator.get("/console/tenants?status=suspended&find=acme").body())
        .contains("No tenant is like this.", "value=\"acme\"");
    String oldest = operator.get("/console/tenants?sort=created").body();
    assertThat(tenants(oldest)).startsWith("default", "acme").hasSizeGreaterThan(4);
    assertThat(tenants(operator.get("/console/tenants?sort=-created").body()))
        .isEqualTo(tenants(oldest).reversed());
    assertThat(operator.get("/console/tenants?find=acme&format=csv").body())
        .contains("acme,")
        .doesNotContain("billed");
  }

  private static List<String> tenants(String page) {
    return Pattern.compile("<td><a href=\"/console/tenants/([^\"]+)\"")
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** How many microseconds the rows' requests took, which their names say. */
  private static List<Long> ids(String page) {
    return Pattern.compile("href=\"/console/requests/logged/req_logged([0-9]+)\"")
        .matcher(page)
        .results()
        .map(found -> Long.parseLong(found.group(1)) * 37 % 2_300)
        .toList();
  }

  private static LoggedRequest logged(String id, long org, Instant at, long micros) {
    return new LoggedRequest(
        id,
        at,
        new LoggedRequest.Asker(org, 0, 0, 0, "test"),
        new LoggedRequest.Asked("openai", "chat", "echo", false, ""),
        LoggedRequest.Served.NONE,
        new LoggedRequest.Stages(1, 1, 1, 1, 1, 1, 1, 1, micros),
        MeteredTokens.NONE,
        new LoggedRequest.Outcome(200, "", "stop"),
        LoggedRequest.Cost.NONE);
  }

  @Test
  void chinesePagesSayNothingInEnglishThatIsNotMarkedAsSuch() throws Exception {
    Browser reader =
        work.server()
            .browser()
            .with("Accept-Language", "zh-CN")
            .with("Cookie", work.operator().cookies());
    assertThat(
            work.ask(
                WorkServer.keyOf(
                    work.admin(),
                    "acme",
                    Map.of("do", "create", "name", "zh", "project", "default"))))
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

  @Test
  void rolesAreRespectedOnEveryPageAndForm() throws Exception {
    for (String page : List.of("now", "models", "money", "develop", "requests", "money/proof")) {
      Reply reply = work.developer().get("/console/" + page + "?tenant=acme");
      assertThat(reply.status()).as(page).isEqualTo(200);
      assertThat(work.developer().get("/console/" + page + "?tenant=default").status())
          .as("another tenant's %s", page)
          .isIn(403, 404);
    }
    work.developer().get("/console/money?tenant=acme");
    Reply budget =
        work.developer()
            .post(
                "/console/money?tenant=acme",
                Map.of("do", "budget", "budget", "5/day", "hard", "yes", "target", ""));
    assertThat(budget.status()).isEqualTo(403);
    assertThat(
            work.developer()
                .post("/console/models", Map.of("do", "pull", "model", "x:1b"))
                .status())
        .isEqualTo(403);
    assertThat(work.developer().post("/console/money/proof", Map.of()).status()).isEqualTo(403);
    assertThat(work.developer().get("/console/models").body())
        .as("others see what is served, not what could be")
        .contains("echo")
        .doesNotContain("qwen2.5-coder:0.5b");
    assertThat(work.operator().get("/console/models").body()).contains("qwen2.5-coder:0.5b");
  }

  @Test
  void liveFiguresComeAsEvents() throws Exception {
    work.operator().get("/console/now");
    String event = work.operator().firstEvent("/console/now/live");
    assertThat(event)
        .startsWith("{\"set\":{\"now-speed-value\":")
        .contains("\"parts\":{\"now-work\":");
    assertThat(work.server().browser().get("/console/now/live").status()).isEqualTo(401);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    for (String path :
        List.of(
            "/console/requests/acme/nothing",
            "/console/models/nothing:1b",
            "/console/money/invoices/acme/INV-2026-999999",
            "/console/requests-compare?one=a&other=b")) {
      assertThat(work.admin().get(path).status()).as(path).isEqualTo(404);
    }
  }
}
