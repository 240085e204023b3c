package io.yuntai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands about tenants, beside a database that runs. */
class TenantCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path home;
  private static Database database;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void start() {
    database = Database.open(DatabaseOptions.embedded(home));
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    String[] whole = all.toArray(String[]::new);
    return CommandTree.of(new CliContext(screen, Messages.in("en"), Map.of()), whole)
        .execute(whole);
  }

  private JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    assertThat(run(all.toArray(String[]::new))).as(errors()).isZero();
    return JSON.readTree(out.toByteArray());
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void lookAfterPeopleProjectsAndPrograms() {
    json("tenants", "create", "globex", "--currency", "EUR");
    JsonNode li = json("members", "add", "li@globex.example", "--tenant", "globex");
    assertThat(li.path("role").asString()).isEqualTo("developer");
    assertThat(run("members", "role", "li@globex.example", "admin", "--tenant", "globex")).isZero();
    assertThat(printed()).contains("li@globex.example is admin of globex now");
    JsonNode link = json("members", "link", "li@globex.example", "--tenant", "globex");
    assertThat(link.path("url").asString()).matches("http://[^/]+/sign-in#yt-link-[\\w-]{43}");
    assertThat(run("members", "reset-factor", "li@globex.example", "--tenant", "globex")).isZero();
    assertThat(run("members", "list", "--tenant", "globex")).isZero();
    assertThat(printed()).contains("li@globex.example", "admin");
    assertThat(run("projects", "create", "shop", "--tenant", "globex", "--title", "Shop")).isZero();
    assertThat(json("projects", "list", "--tenant", "globex").size()).isEqualTo(2);
    JsonNode ci =
        json("service-accounts", "create", "ci", "--tenant", "globex", "--project", "shop");
    assertThat(ci.path("project").asString()).isEqualTo("shop");
    assertThat(run("service-accounts", "remove", "ci", "--tenant", "globex")).isZero();
    assertThat(run("projects", "remove", "shop", "--tenant", "globex")).isZero();
    assertThat(run("members", "remove", "li@globex.example", "--tenant", "globex")).isZero();
    assertThat(json("members", "list", "--tenant", "globex").size()).isZero();
    assertThat(run("members", "link", "nobody@globex.example", "--tenant", "globex")).isNotZero();
    assertThat(errors()).contains("no member");
  }

  @Test
  void letTheOwnerIntoTheConsoleAgain() {
    JsonNode first = json("console");
    assertThat(first.path("url").asString()).matches("http://[^/]+/sign-in#yt-link-[\\w-]{43}");
    assertThat(first.path("email").asString()).isEmpty();
    json("members", "add", "li@owners.example", "--role", "owner");
    assertThat(json("console").path("email").asString()).isEqualTo("li@owners.example");
    json("members", "add", "wu@owners.example", "--role", "owner");
    assertThat(run("console")).isEqualTo(2);
    assertThat(errors()).contains("--email");
    assertThat(json("console", "--email", "wu@owners.example").path("email").asString())
        .isEqualTo("wu@owners.example");
    assertThat(run("members", "remove", "wu@owners.example")).isZero();
  }

  @Test
  void leadTenantsThroughTheirLife() {
    JsonNode acme = json("tenants", "create", "acme", "--currency", "CNY", "--credit", "100");
    assertThat(acme.path("billing").asString()).isEqualTo("prepaid");
    assertThat(acme.path("credit").path("left").asString()).isEqualTo("100.00");
    assertThat(errors()).contains("acme pays by no price book yet");
    assertThat(run("tenants", "credit", "acme", "20", "--kind", "promo", "--expires", "90d"))
        .isZero();
    assertThat(printed()).contains("Gave acme 20.00 CNY");
    JsonNode key =
        json(
            "keys",
            "create",
            "ci",
            "--tenant",
            "acme",
            "--budget",
            "1/day",
            "--budget",
            "8 parallel",
            "--models",
            "qwen*,smollm2",
            "--ip",
            "10.0.0.0/8",
            "--scopes",
            "generate",
            "--expires",
            "90d");
    assertThat(key.path("key").asString()).startsWith("yt-");
    assertThat(key.path("models").size()).isEqualTo(2);
    String id = key.path("id").asString();
    assertThat(run("budgets", "set", "1000/month", "--tenant", "acme", "--alert", "50,100"))
        .isZero();
    assertThat(printed()).contains("1000.00 CNY per month");
    JsonNode budgets = json("budgets", "list", "--tenant", "acme");
    assertThat(budgets.size()).isEqualTo(3);
    assertThat(run("budgets", "list", "--tenant", "acme")).isZero();
    assertThat(printed()).contains("1.00 CNY per day").contains("key " + id);
    assertThat(run("budgets", "rm", budgets.get(2).path("id").asString(), "--tenant", "acme"))
        .isZero();
    JsonNode next = json("keys", "rotate", id, "--overlap", "2d");
    assertThat(next.path("rotated_from").asString()).isEqualTo(id);
    assertThat(json("keys", "list", "--tenant", "acme").size()).isEqualTo(2);
    assertThat(run("keys", "list")).isZero();
    assertThat(printed()).contains("acme").doesNotContain(key.path("key").asString());
    assertThat(run("keys", "revoke", id)).isZero();
    assertThat(json("usage", "--tenant", "acme", "--by", "day").size()).isZero();
    assertThat(run("usage", "--tenant", "acme", "--csv")).isZero();
    assertThat(printed()).startsWith("model,requests,input_tokens");
    assertThat(run("usage", "hours", "--tenant", "acme", "--since", "2d")).isZero();
    assertThat(printed())
        .startsWith("hour,model,region,class,requests,input,cached,output,refused");
    assertThat(run("tenants", "suspend", "acme")).isZero();
    assertThat(json("tenants", "show", "acme").path("status").asString()).isEqualTo("suspended");
    assertThat(run("tenants", "resume", "acme")).isZero();
    assertThat(run("tenants", "show", "acme")).isZero();
    assertThat(printed()).contains("credit left").contains("120.00 CNY");
    assertThat(run("tenants", "list")).isZero();
    assertThat(printed()).contains("acme").contains("default");
    JsonNode audit = json("audit", "--tenant", "acme");
    assertThat(audit.get(0).path("action").asString()).isEqualTo("tenant.change");
    assertThat(audit.get(0).path("actor").asString()).startsWith("cli:");
    assertThat(run("audit", "--limit", "3")).isZero();
    assertThat(run("tenants", "delete", "acme")).isZero();
    assertThat(run("tenants", "show", "acme")).isEqualTo(5);
    assertThat(errors()).contains("There is no tenant 'acme'");
  }

  @Test
  void sayWhatIsWrong() {
    record Mistake(int exit, String says, String... arguments) {}
    for (Mistake mistake :
        List.of(
            new Mistake(5, "no tenant 'nobody'", "keys", "create", "x", "--tenant", "nobody"),
            new Mistake(5, "no project", "keys", "create", "x", "--project", "none"),
            new Mistake(5, "no key", "keys", "rotate", "abc"),
            new Mistake(2, "'Acme' is no name", "tenants", "create", "Acme", "--currency", "CNY"),
            new Mistake(2, "currency", "tenants", "create", "lab", "--currency", "Yuan"),
            new Mistake(2, "no budget", "budgets", "set", "lots"),
            new Mistake(2, "one thing", "budgets", "set", "1", "--key", "a", "--project", "b"),
            new Mistake(2, "no scope", "keys", "create", "x", "--scopes", "fly"),
            new Mistake(2, "no range", "keys", "create", "x", "--ip", "home"),
            new Mistake(2, "--since", "usage", "--since", "yesterday"),
            new Mistake(5, "nobody", "usage", "hours", "--tenant", "nobody"),
            new Mistake(2, "sum usage by", "usage", "--by", "colour"),
            new Mistake(1, "by invoice", "tenants", "credit", "default", "5"),
            new Mistake(1, "this server's own", "tenants", "delete", "default"))) {
      assertThat(run(mistake.arguments())).as(errors()).isEqualTo(mistake.exit());
      assertThat(errors()).contains(mistake.says()).doesNotContain("Exception");
    }
    assertThat(json("keys", "list", "--tenant", "default").size())
        .as("nothing is left of what was refused")
        .isZero();
  }
}
