package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.InvoiceVerdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices verify}. */
@Command(
    name = "verify",
    description = "Make invoices again from their requests and prices, and compare each byte.")
final class VerifyInvoices extends BooksVerb {
  @Parameters(arity = "0..*", paramLabel = "NUMBER", description = "Which (all).")
  private List<String> numbers = new ArrayList<>();

  @Option(
      names = "--archive",
      paramLabel = "FOLDER",
      description = "Where 'ledger archive' has put usage that such invoices are for.")
  private @Nullable Path archive;

  VerifyInvoices(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    InvoiceStore invoices = books.invoices();
    List<String> wanted =
        numbers.isEmpty()
            ? invoices.list(null).stream().map(stored -> stored.invoice().terms().number()).toList()
            : numbers;
    boolean holds = true;
    for (String number : wanted) {
      InvoiceVerdict verdict =
          archive == null ? invoices.verify(number) : invoices.verify(number, archive);
      holds &= verdict.holds();
      context
          .screen()
          .result((verdict.holds() ? "ok    " : "WRONG ") + number + ": " + verdict.why());
    }
    for (String missing : invoices.gaps()) {
      holds = false;
      context.screen().result("WRONG " + missing + ": the number was given, and is missing");
    }
    return holds ? ExitCode.OK : ExitCode.FAULTS_FOUND;
  }
}
