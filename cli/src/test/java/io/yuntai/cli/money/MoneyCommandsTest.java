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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code prices} and {@code invoices} as a person types them, on a real database. */
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
        noun.equals("prices") ? PricesCommand.tree(context) : InvoicesCommand.tree(context);
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
  void invoicesNeedUsage() {
    assertThat(run("invoices", "list")).isZero();
    assertThat(printed()).contains("no invoices yet");
    assertThat(run("invoices", "create", "default", "--until", "now")).isEqualTo(1);
    assertThat(failure).contains("nothing to invoice");
    assertThat(run("invoices", "verify")).isZero();
    assertThat(run("invoices", "party", "default", "--name", "Seller", "--jurisdiction", "CN"))
        .isZero();
    assertThat(run("invoices", "tax", "CN", "VAT", "6%", "--from", "2026-01-01")).isZero();
    assertThat(run("invoices", "export", "INV-2026-000009", "--format", "pdf")).isEqualTo(1);
  }
}
