package io.yuntai.cli.money;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code prices}, {@code commitments}, {@code invoices} and {@code revenue} as a person types them,
 * on a real database.
 */
class MoneyCommandsTest {
  @TempDir static Path folder;
  private static Path home;
  private static Database database;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private String failure = "";

  @BeforeAll
  static void openDatabase() {
    home = folder.resolve("home");
    database = Database.open(DatabaseOptions.embedded(home));
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  private int run(String noun, String... arguments) {
    out.reset();
    failure = "";
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    CliContext context =
        new CliContext(new Screen(stream, stream, "", 80, Map.of()), Messages.in("en"), Map.of());
    CommandLine command =
        switch (noun) {
          case "prices" -> PricesCommand.tree(context);
          case "commitments" -> CommitmentsCommand.tree(context);
          case "revenue" -> new CommandLine(new RevenueCommand(context));
          default -> InvoicesCommand.tree(context);
        };
    command.setExecutionExceptionHandler((thrown, line, parsed) -> {
      if (thrown instanceof CommandException refused) {
        failure = String.valueOf(refused.getMessage());
        return refused.exitCode().number();
      }
      throw thrown;
    });
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    return command.execute(all.toArray(String[]::new));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String prices(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void aPriceListIsImportedComparedPublishedAndUsed() throws Exception {
    String first = prices("first.csv", "model,input,output\nqwen3*,2.5,10\n");
    String second = prices("second.csv", "model,input,output\nqwen3*,2.5,8\n");
    assertThat(run("prices", "import", first, "--name", "list", "--currency", "CNY")).isZero();
    assertThat(printed()).startsWith("list@1");
    assertThat(run("prices", "import", second, "--name", "list", "--currency", "CNY")).isZero();

    assertThat(run("prices", "diff", "list@1", "list@2")).isZero();
    assertThat(printed()).contains("qwen3* rt output").contains("10.00").doesNotContain("input");
    assertThat(run("prices", "use", "list", "--tenant", "default")).isEqualTo(1);
    assertThat(failure).contains("no published price book 'list'");
    assertThat(run("prices", "publish", "list@1")).isZero();
    assertThat(run("prices", "show", "list@1")).isZero();
    assertThat(printed()).contains("qwen3* batch cache_hit").contains("2.50");
    assertThat(run("prices", "list")).isZero();
    assertThat(printed()).contains("list@2").contains("draft");
    assertThat(run("prices", "use", "list", "--tenant", "default", "--pay", "90%")).isZero();
    assertThat(run("prices", "simulate", "list@2", "--tenant", "default")).isZero();
    assertThat(run("prices", "simulate", "list@2", "--tenant", "nobody")).isEqualTo(5);
  }

  @Test
  void whatIsWrongIsSaidInASentence() throws Exception {
    String wrong = prices("wrong.csv", "model,input,output\nqwen3,-2.5,10\n");
    assertThat(run("prices", "import", wrong, "--name", "odd", "--currency", "CNY")).isEqualTo(1);
    assertThat(failure).isEqualTo("Line 2: qwen3, input: a price can't be negative.");
    assertThat(run("prices", "import", wrong, "--name", "odd", "--currency", "ABC")).isEqualTo(1);
    assertThat(failure).contains("Unknown currency 'ABC'");
    assertThat(run("prices", "import", "nowhere.csv", "--name", "odd", "--currency", "CNY"))
        .isEqualTo(5);
    assertThat(run("prices", "show", "nothing")).isEqualTo(1);
    assertThat(failure).contains("no price book 'nothing'");
  }

  @Test
  void invoicesNeedUsage() throws Exception {
    tenant("unused");
    assertThat(run("invoices", "list", "--tenant", "unused")).isZero();
    assertThat(printed()).contains("no invoices yet");
    assertThat(run("invoices", "create", "unused", "--until", "now")).isEqualTo(1);
    assertThat(failure).contains("nothing to invoice");
    assertThat(run("invoices", "verify")).isZero();
    assertThat(run("invoices", "party", "default", "--name", "Seller", "--jurisdiction", "CN"))
        .isZero();
    assertThat(run("invoices", "tax", "CN", "VAT", "6%", "--from", "2026-01-01")).isZero();
    assertThat(run("invoices", "export", "INV-2026-000009", "--format", "pdf")).isEqualTo(1);
  }

  private static void tenant(String name) throws Exception {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into org (name, currency, billing) values ('" + name + "', 'CNY', 'postpaid')");
    }
  }

  @Test
  void commitmentsAreAgreedOnListedInvoicedAndEnded() throws Exception {
    tenant("committed");
    assertThat(run("commitments", "free", "committed", "1M", "--model", "qwen3*")).isZero();
    assertThat(run("commitments", "reserve", "committed", "50M", "--fee", "100")).isZero();
    String id = printed().lines().findFirst().orElseThrow();
    assertThat(run("commitments", "plan", "committed", "5", "--by", "hour", "--off", "20%"))
        .isZero();
    assertThat(run("commitments", "plan", "committed", "5", "--off", "100%")).isEqualTo(1);
    assertThat(failure).contains("less than all");
    assertThat(run("commitments", "free", "committed", "many")).isEqualTo(2);
    assertThat(run("commitments", "free", "committed", "1M", "--by", "week")).isEqualTo(1);
    assertThat(run("commitments", "list", "--tenant", "committed")).isZero();
    assertThat(printed())
        .contains("1000000 tokens free")
        .contains("100.00 CNY")
        .contains("savings plan, pays 80%");
    assertThat(run("invoices", "create", "committed", "--until", "now")).isZero();
    String number = printed().lines().findFirst().orElseThrow();
    assertThat(run("invoices", "show", number)).isZero();
    assertThat(printed()).contains("reservation by the month");
    assertThat(run("invoices", "show", number, "--why", "1")).isZero();
    assertThat(printed()).contains("Its fee for each of 1 periods");
    assertThat(run("invoices", "verify", number)).isZero();
    assertThat(run("commitments", "end", id)).isZero();
    assertThat(run("commitments", "end", id)).isEqualTo(1);
    assertThat(run("commitments", "end", "99999")).isEqualTo(1);
  }

  @Test
  void paymentsStandOnStatements() throws Exception {
    tenant("paying");
    assertThat(run("invoices", "pay", "paying", "20.50", "--reference", "bank 1")).isZero();
    assertThat(run("invoices", "pay", "paying", "20.50", "--reference", "bank 1")).isZero();
    assertThat(run("invoices", "refund", "paying", "30", "--reference", "bank 2")).isEqualTo(1);
    assertThat(failure).contains("20.50 CNY too much");
    assertThat(run("invoices", "refund", "paying", "0.50", "--reference", "bank 2")).isZero();
    assertThat(run("invoices", "statement", "paying")).isZero();
    assertThat(printed()).contains("bank 1").contains("-20.50").contains("-20.00");
    for (String format : List.of("json", "csv", "pdf")) {
      assertThat(run("invoices", "statement", "paying", "--format", format)).isZero();
      assertThat(printed()).isNotEmpty();
    }
    assertThat(run("invoices", "statement", "paying", "--format", "doc")).isEqualTo(2);
    assertThat(
            run("invoices", "statement", "paying", "--from", "2026-02-01", "--until", "2026-01-01"))
        .isEqualTo(1);
  }

  @Test
  void revenueIsReportedByFiscalPeriods() {
    assertThat(run("revenue", "--by", "tenant", "--fiscal-start", "4", "--json")).isZero();
    assertThat(printed()).contains("\"FY").contains("\"deferred\": \"0.00\"");
    for (String by : List.of("model", "product", "tenant")) {
      assertThat(run("revenue", "--by", by, "--per", "month")).isZero();
      assertThat(run("revenue", "--by", by, "--per", "year", "--csv")).isZero();
    }
    assertThat(run("revenue", "--by", "colour")).isEqualTo(2);
    assertThat(run("revenue", "--fiscal-start", "13")).isEqualTo(1);
    assertThat(run("revenue", "--from", "2026-05", "--to", "2026-01")).isEqualTo(1);
    assertThat(run("prices", "fx", "USD", "CNY", "7.1", "--day", "2026-01-01", "--source", "PBOC"))
        .isZero();
    assertThat(run("prices", "fx", "USD", "CNY", "7", "--day", "2026-01-01", "--source", "PBOC"))
        .isEqualTo(1);
    assertThat(failure).contains("never changes");
    assertThat(run("prices", "fx", "USD", "CNY", "7", "--day", "soon", "--source", "PBOC"))
        .isEqualTo(2);
  }
}
