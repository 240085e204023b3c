package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.invoices.Party;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code invoices party}. */
@Command(
    name = "party",
    description = "Say who a tenant is on invoices; 'default' is who sells.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices party acme --name 'Acme GmbH' --address 'Straße 1' --address Köln --jurisdiction DE"
    })
final class SetParty extends BooksVerb {
  @Parameters(paramLabel = "TENANT", description = "Who it is.")
  private String tenant = "";

  @Option(names = "--name", paramLabel = "TEXT", required = true, description = "The name.")
  private String name = "";

  @Option(names = "--address", paramLabel = "LINE", description = "A line of the address; up to 6.")
  private List<String> address = new ArrayList<>();

  @Option(names = "--tax-id", paramLabel = "TEXT", description = "The number at the tax office.")
  private String taxId = "";

  @Option(
      names = "--jurisdiction",
      paramLabel = "CODE",
      description = "Whose taxes apply, as 'invoices tax' names it.")
  private String jurisdiction = "";

  SetParty(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    books.invoices().party(books.org(tenant), new Party(name, address, taxId, jurisdiction));
    return ExitCode.OK;
  }
}
