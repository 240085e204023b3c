package io.yuntai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.console.testing.Browser;
import io.yuntai.console.testing.Browser.Reply;
import io.yuntai.console.testing.ConsoleServer;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as browsers without script meet it, on a real server with a real database. */
class ConsoleTest {
  private static ConsoleServer server;
  private static Browser operator;

  @BeforeAll
  static void start(@TempDir Path home) throws Exception {
    server = ConsoleServer.start(home);
    operator = server.operator();
    assertThat(operator.follow("/console").status()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A signed-in member with a role in a new tenant. */
  private static Browser member(String tenant, String email, String role) throws Exception {
    operator.get("/console/tenants");
    operator.post("/console/tenants", Map.of("name", tenant, "currency", "CNY"));
    String page = "/console/tenants/" + tenant;
    operator.get(page);
    Reply added = operator.post(page, Map.of("do", "add", "email", email, "role", role));
    assertThat(added.status()).as(added.body()).isEqualTo(303);
    operator.get(page);
    Reply made = operator.post(page, Map.of("do", "link", "email", email));
    Matcher link = Pattern.compile("/sign-in#(yt-link-[A-Za-z0-9_-]+)").matcher(made.body());
    assertThat(link.find()).as(made.body()).isTrue();
    Browser browser = server.browser();
    Reply in =
        browser.post(
            "/sign-in/link", Map.of("token", link.group(1), "password", "of glass and 19 reeds"));
    assertThat(in.status()).as(in.body()).isEqualTo(303);
    browser.follow("/console");
    return browser;
  }

  @Test
  void browsersAreLedToTheConsoleAndProgramsAreNot() throws Exception {
    Reply page = server.browser().with("Accept", "text/html,application/xhtml+xml").get("/");
    assertThat(page.status()).isEqualTo(303);
    assertThat(page.location()).isEqualTo("/console");
    Reply program = server.browser().with("Accept", "*/*").get("/");
    assertThat(program.body()).isEqualTo("{\"name\":\"yuntai\",\"api\":\"/v1\"}");
  }

  @Test
  void strangersAreSentToSignInAndBack() throws Exception {
    Browser stranger = server.browser();
    Reply sent = stranger.get("/console/tenants?columns=name");
    assertThat(sent.status()).isEqualTo(303);
    assertThat(sent.location()).isEqualTo("/sign-in?to=%2Fconsole%2Ftenants%3Fcolumns%3Dname");
    Reply in =
        stranger.post(
            "/sign-in",
            Map.of(
                "email", ConsoleServer.OPERATOR,
                "password", ConsoleServer.PASSWORD,
                "to", "/console/tenants?columns=name"));
    assertThat(in.location()).isEqualTo("/console/tenants?columns=name");
    assertThat(stranger.get(in.location()).body()).contains("<h1>Tenants</h1>");
  }

  @Test
  void nobodyIsLedAwayFromThisServer() throws Exception {
    for (String away : List.of("//evil.example", "https://evil.example/", "/\\evil.example")) {
      Reply in =
          server
              .browser()
              .post(
                  "/sign-in",
                  Map.of(
                      "email", ConsoleServer.OPERATOR,
                      "password", ConsoleServer.PASSWORD,
                      "to", away));
      assertThat(in.location()).as(away).isEqualTo("/console");
    }
  }

  @Test
  void aWrongPasswordIsToldOnThePageWithWhatWasTyped() throws Exception {
    Reply refused =
        server
            .browser()
            .post("/sign-in", Map.of("email", "nobody@example.com", "password", "wrong wrong 1"));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.body())
        .contains("role=\"alert\"", "value=\"nobody@example.com\"")
        .doesNotContain("wrong wrong 1");
  }

  @Test
  void aUsedLinkIsGoodNoMore() throws Exception {
    String token = server.ownerLink().substring(server.ownerLink().indexOf('#') + 1);
    Reply again = server.browser().post("/sign-in/link", Map.of("token", token));
    assertThat(again.status()).isEqualTo(410);
  }

  @Test
  void changesNeedThePagesOwnToken() throws Exception {
    Map<String, String> tenant = Map.of("name", "forged", "currency", "CNY");
    operator.get("/console/tenants");
    assertThat(operator.postWith("", "/console/tenants", tenant).status()).isEqualTo(403);
    assertThat(operator.postWith("m.AAAA", "/console/tenants", tenant).status()).isEqualTo(403);
    assertThat(operator.get("/console/tenants").body()).doesNotContain("forged");
    String first = operator.csrf();
    operator.get("/console/tenants");
    assertThat(operator.csrf()).isNotEqualTo(first).isNotEmpty();
  }

  @Test
  void anotherSitesPageChangesNothing() throws Exception {
    Browser other = server.browser();
    other.signIn(ConsoleServer.OPERATOR, ConsoleServer.PASSWORD);
    other.with("Origin", "https://evil.example").with("Sec-Fetch-Site", "cross-site");
    Reply refused = other.post("/console/tenants", Map.of("name", "crossed", "currency", "CNY"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("https://evil.example").contains("Sent from another page");
  }

  @Test
  void pagesRunNothingOfOthersAndAreKeptByNobody() throws Exception {
    for (String path : List.of("/sign-in", "/console/tenants", "/console/settings")) {
      Reply page = (path.equals("/sign-in") ? server.browser() : operator).get(path);
      assertThat(page.header("Content-Security-Policy"))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(page.header("Cache-Control")).isEqualTo("no-store");
      assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(page.body()).doesNotContain(" style=", "onclick=", "<script>", "http://");
    }
  }

  @Test
  void filesNeverChangeUnderTheirAddress() throws Exception {
    Matcher sheet =
        Pattern.compile("/console/assets/[0-9a-f]{16}/console.css")
            .matcher(server.browser().get("/sign-in").body());
    assertThat(sheet.find()).isTrue();
    Reply plain = server.browser().get(sheet.group());
    assertThat(plain.header("Cache-Control")).contains("immutable");
    assertThat(plain.header("Content-Type")).startsWith("text/css");
    Reply shorter = server.browser().with("Accept-Encoding", "gzip").get(sheet.group());
    assertThat(shorter.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(Integer.parseInt(shorter.header("Content-Length")))
        .isLessThan(Integer.parseInt(plain.header("Content-Length")) / 2);
    assertThat(server.browser().get(sheet.group().replace("console.css", "no.css")).status())
        .isEqualTo(404);
  }

  @Test
  void theFirstPageIsSmall() throws Exception {
    Browser browser = server.browser().with("Accept-Encoding", "gzip");
    Reply page = server.browser().get("/sign-in");
    long bytes = page.body().length();
    Matcher file =
        Pattern.compile("(?:src|href)=\"(/console/assets/[^\"#]+)\"").matcher(page.body());
    while (file.find()) {
      bytes += Long.parseLong(browser.get(file.group(1)).header("Content-Length"));
    }
    assertThat(bytes).isLessThan(100_000);
  }

  @Test
  void itSpeaksTheBrowsersLanguageOrTheChosenOne() throws Exception {
    Browser browser = server.browser().with("Accept-Language", "zh-CN,zh;q=0.9");
    assertThat(browser.get("/sign-in").body()).contains("lang=\"zh-CN\"", "<h1>登录</h1>");
    browser.post(
        "/console/preferences", Map.of("language", "en", "theme", "dark", "to", "/sign-in"));
    assertThat(browser.get("/sign-in").body())
        .contains("lang=\"en\"", "<h1>Sign in</h1>", "data-theme=\"dark\"");
  }

  @Test
  void rolesDecideWhatIsShownAndDone() throws Exception {
    Browser auditor = member("glass", "auditor@example.com", "auditor");
    Reply people = auditor.get("/console/tenants/glass");
    assertThat(people.status()).isEqualTo(200);
    assertThat(people.body()).contains("auditor@example.com").doesNotContain("data-dialog");
    Reply refused =
        auditor.post(
            "/console/tenants/glass",
            Map.of("do", "add", "email", "friend@example.com", "role", "admin"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(auditor.get("/console/tenants/default").status()).isEqualTo(403);
    assertThat(auditor.get("/console/tenants/none-such").status()).isEqualTo(403);
    assertThat(operator.get("/console/tenants/glass").body()).doesNotContain("friend@example.com");
  }

  @Test
  void theNavigationHasWhatItsReaderMayOpenAndTheRestSaysWhy() throws Exception {
    Browser auditor = member("reeds", "auditor@reeds.example", "auditor");
    Browser user = member("reeds", "user@reeds.example", "user");
    String chat = "href=\"/console/chat\"";
    String money = "href=\"/console/money\"";
    assertThat(auditor.follow("/console").body()).contains(money).doesNotContain(chat);
    Reply refused = auditor.get("/console/chat");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("Auditors look, and do not use models.");
    Reply first = user.follow("/console");
    assertThat(first.body()).contains("yuntai-chat").contains(chat).doesNotContain(money);
    for (String path : List.of("/console/money", "/console/requests", "/console/tenants/reeds")) {
      assertThat(user.get(path).status()).as(path).isEqualTo(403);
    }
    assertThat(operator.get("/console/chat").body()).contains(chat);
    Reply elsewhere = operator.get("/console/chat?tenant=reeds");
    assertThat(elsewhere.status()).isEqualTo(403);
    assertThat(elsewhere.body()).contains("are no member of it").doesNotContain(chat);
  }

  @Test
  void aStreamEndsWithItsReadersRole() throws Exception {
    Browser developer = member("sedge", "dev@sedge.example", "developer");
    InputStream stream = developer.open("/console/now/live?tenant=sedge").body();
    assertThat(stream.read()).isPositive();
    operator.get("/console/tenants/sedge");
    Reply changed =
        operator.post(
            "/console/tenants/sedge",
            Map.of("do", "role", "email", "dev@sedge.example", "role", "user"));
    assertThat(changed.status()).as(changed.body()).isEqualTo(303);
    await().atMost(Duration.ofSeconds(60)).until(() -> stream.read() < 0);
    assertThat(developer.get("/console/now/live?tenant=sedge").status()).isEqualTo(403);
  }

  @Test
  void aRefusalIsToldWhereItWasAskedAndKeepsWhatWasTyped() throws Exception {
    operator.get("/console/tenants");
    Reply refused =
        operator.post(
            "/console/tenants",
            Map.of("name", "Not A Name", "title", "Kept \"as\" typed", "currency", "CNY"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body())
        .contains("role=\"alert\"", "value=\"Not A Name\"", "Kept &#34;as&#34; typed");
  }

  @Test
  void tablesAreFilesToo() throws Exception {
    member("sheets", "formula@example.com", "developer");
    Reply file = operator.get("/console/tenants/sheets?format=csv");
    assertThat(file.header("Content-Type")).startsWith("text/csv");
    assertThat(file.body())
        .startsWith("\uFEFFemail,name,role,created")
        .contains("formula@example.com");
    assertThat(operator.get("/console/tenants?columns=name.currency").body())
        .contains(">Currency</a></th>")
        .doesNotContain(">Status</a></th>");
  }

  @Test
  void aTenantHasProjectsAccountsAndBudgets() throws Exception {
    Browser owner = member("river", "owner@example.com", "owner");
    String projects = "/console/tenants/river/projects";
    owner.get(projects);
    assertThat(owner.post(projects, Map.of("do", "add-project", "name", "boats")).status())
        .isEqualTo(303);
    assertThat(
            owner
                .post(projects, Map.of("do", "add-account", "name", "robot", "project", "boats"))
                .status())
        .isEqualTo(303);
    assertThat(owner.get(projects).body()).contains("boats", "robot");
    String budgets = "/console/tenants/river/budgets";
    owner.get(budgets);
    Reply set =
        owner.post(
            budgets,
            Map.of(
                "do", "set", "level", "tenant", "unit", "money", "period", "month", "amount", "50",
                "hard", "yes"));
    assertThat(set.status()).as(set.body()).isEqualTo(303);
    assertThat(owner.get(budgets).body()).contains("50.00", "0%");
    assertThat(owner.get("/console/tenants/river/terms").body()).doesNotContain("Suspend");
  }

  @Test
  void somebodySeesTheirSessionsAndChangesTheirPassword() throws Exception {
    Browser person = member("brook", "person@example.com", "developer");
    Browser phone = server.browser();
    phone.signIn("person@example.com", "of glass and 19 reeds");
    person.get("/console/settings");
    Reply unlike =
        person.post(
            "/console/settings",
            Map.of("do", "password", "password", "of stone and 23 reeds", "again", "no"));
    assertThat(unlike.status()).isEqualTo(400);
    Reply changed =
        person.post(
            "/console/settings",
            Map.of(
                "do",
                "password",
                "password",
                "of stone and 23 reeds",
                "again",
                "of stone and 23 reeds"));
    assertThat(changed.status()).as(changed.body()).isEqualTo(303);
    assertThat(person.get("/console/settings").status()).isEqualTo(200);
    assertThat(phone.get("/console/settings").status()).isEqualTo(303);
    Reply out = person.post("/sign-in/out", Map.of());
    assertThat(out.location()).isEqualTo("/sign-in");
    assertThat(person.get("/console/settings").status()).isEqualTo(303);
  }

  @Test
  void aTenantHasALookOfItsOwn() throws Exception {
    Browser admin = member("meadow", "admin@example.com", "admin");
    String look = "/console/tenants/meadow/look";
    admin.get(look);
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};
    Map<String, String> fields = Map.of("name", "Meadow AI", "accent", "#ffcc00");
    Reply set = admin.postFile(look, fields, "logo", "logo.png", png);
    assertThat(set.status()).as(set.body()).isEqualTo(303);
    Reply page = admin.get(look);
    assertThat(page.body()).contains("Meadow AI</title>", "/console/branding/meadow/1/logo");
    assertThat(admin.get("/console/branding/meadow/1/logo").header("Content-Type"))
        .isEqualTo("image/png");
    assertThat(admin.get("/console/branding/meadow/1/accent.css").body())
        .contains("--accent-light:#")
        .doesNotContain("--accent-light:#ffcc00");
    assertThat(server.browser().get("/console/branding/meadow/1/logo").status()).isEqualTo(404);
    admin.get(look);
    Map<String, String> more = Map.of("name", "Meadow AI", "own-accent", "yes");
    Reply svg = admin.postFile(look, more, "logo", "a.svg", new byte[] {'<', 's', 'v', 'g', '>'});
    assertThat(svg.status()).isEqualTo(400);
    assertThat(svg.body()).contains("must be a PNG, JPEG or WebP");
    Reply large = admin.postFile(look, more, "logo", "a.png", new byte[(64 << 10) + 1]);
    assertThat(large.status()).isEqualTo(400);
    assertThat(large.body()).contains("at most 65536 are kept");
    assertThat(admin.postFile(look, more, "logo", "", new byte[0]).status())
        .as("without a file the logo stays")
        .isEqualTo(303);
    assertThat(admin.get(look).body()).contains("/console/branding/meadow/2/logo");
  }

  @Test
  void whatIsNotThereIsAPageThatSaysSo() throws Exception {
    Reply nothing = operator.get("/console/nothing");
    assertThat(nothing.status()).isEqualTo(404);
    assertThat(nothing.body()).contains("<h1>Not found</h1>");
    assertThat(operator.get("/console/tenants?cursor=%0A").status()).isEqualTo(400);
  }

  @Test
  void itCanBeInstalled() throws Exception {
    Reply manifest = server.browser().get("/console/manifest.webmanifest");
    assertThat(manifest.header("Content-Type")).isEqualTo("application/manifest+json");
    assertThat(manifest.body()).contains("\"start_url\":\"/console\"", "icon-512.png");
    Reply worker = server.browser().get("/console/service-worker.js");
    assertThat(worker.header("Service-Worker-Allowed")).isEqualTo("/console");
    assertThat(worker.body()).contains("/console/assets/").doesNotContain("ASSET_FOLDER");
    assertThat(server.browser().get("/console/offline").status()).isEqualTo(200);
  }
}
