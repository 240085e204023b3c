package io.yuntai.cli.money;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.InvoiceFormat;
import io.yuntai.ledger.invoices.InvoiceLine;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.InvoiceVerdict;
import io.yuntai.ledger.invoices.Party;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.invoices.TaxRate;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Ratio;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai invoices create|credit|list|show|verify|export|party|tax}. */
@Command(
    name = "invoices",
    description = "Issue, show, export and verify invoices.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai invoices create acme",
      "  yuntai invoices export INV-2026-000001 --format pdf --output november.pdf",
      "  yuntai invoices verify"
    })
public final class InvoicesCommand implements Callable<Integer> {
  private final CliContext context;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private InvoicesCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine invoices = new CommandLine(new InvoicesCommand(context));
    invoices.addSubcommand("create", new Create(context));
    invoices.addSubcommand("credit", new Credit(context));
    invoices.addSubcommand("list", new ListAll(context));
    invoices.addSubcommand("show", new Show(context));
    invoices.addSubcommand("verify", new Verify(context));
    invoices.addSubcommand("export", new Export(context));
    invoices.addSubcommand("party", new SetParty(context));
    invoices.addSubcommand("tax", new SetTax(context));
    return invoices;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }

  /** What all of these verbs have. */
  abstract static class Verb implements Callable<Integer> {
    final CliContext context;

    @Mixin final HomeOption home = new HomeOption();

    Verb(CliContext context) {
      this.context = context;
    }

    @Override
    public final Integer call() {
      return LocalBooks.with(context, home.directory(context.environment()), this::run).number();
    }

    abstract ExitCode run(LocalBooks books);
  }

  /** {@code invoices create}. */
  @Command(
      name = "create",
      description = "Issue an invoice for what a tenant used and no invoice has had yet.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  yuntai invoices create acme",
        "  yuntai invoices create acme --until 2026-11-23T12:00:00Z"
      })
  static final class Create extends Verb {
    @Parameters(paramLabel = "TENANT", description = "Who used it.")
    private String tenant = "";

    @Option(
        names = "--until",
        paramLabel = "TIME",
        description = "Used before this time, or 'now' (the beginning of this month).")
    private @Nullable String until;

    Create(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      Instant end =
          until == null ? null : until.equals("now") ? Instant.now() : LocalBooks.instant(until);
      StoredInvoice issued = books.invoices().issue(books.org(tenant), end);
      tell(context, issued);
      return ExitCode.OK;
    }
  }

  private static void tell(CliContext context, StoredInvoice issued) {
    Invoice invoice = issued.invoice();
    context.screen().result(invoice.terms().number());
    context
        .screen()
        .note(
            context.text(
                "invoices.issued",
                invoice.terms().number(),
                invoice.amount(invoice.totalMinor()) + " " + invoice.terms().currency(),
                invoice.terms().buyer().name()));
  }

  /** {@code invoices credit}. */
  @Command(name = "credit", description = "Issue a credit note for an invoice, or a part of it.")
  static final class Credit extends Verb {
    @Parameters(paramLabel = "NUMBER", description = "The invoice.")
    private String number = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    private String reason = "";

    @Option(
        names = "--amount",
        paramLabel = "AMOUNT",
        description = "How much without tax (all that is left).")
    private @Nullable String amount;

    Credit(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      InvoiceStore invoices = books.invoices();
      Money net =
          amount == null
              ? null
              : Money.parse(invoices.find(number).invoice().terms().currency(), amount);
      tell(context, invoices.credit(number, net, reason));
      return ExitCode.OK;
    }
  }

  /** {@code invoices list}. */
  @Command(name = "list", aliases = "ls", description = "List invoices and credit notes.")
  static final class ListAll extends Verb {
    @Option(names = "--tenant", paramLabel = "NAME", description = "Only of this one.")
    private @Nullable String tenant;

    ListAll(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      List<StoredInvoice> all =
          books.invoices().list(tenant == null ? null : (Long) books.org(tenant));
      if (all.isEmpty()) {
        context.screen().note(context.text("invoices.none"));
        return ExitCode.OK;
      }
      Table table =
          new Table(context.screen(), "NUMBER", "TENANT", "PERIOD", "REQUESTS", "TOTAL", "DUE", "")
              .alignRight(3, 4, 5);
      for (StoredInvoice stored : all) {
        Invoice invoice = stored.invoice();
        table.row(
            invoice.terms().number(),
            invoice.terms().orgName(),
            invoice.terms().period(),
            Long.toString(invoice.requests()),
            invoice.amount(invoice.totalMinor()),
            invoice.amount(invoice.dueMinor()),
            invoice.terms().currency().code());
      }
      table.print();
      return ExitCode.OK;
    }
  }

  /** {@code invoices show}. */
  @Command(
      name = "show",
      description = "Show an invoice, or why one of its lines is what it is.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  yuntai invoices show INV-2026-000001",
        "  yuntai invoices show INV-2026-000001 --why 2"
      })
  static final class Show extends Verb {
    @Parameters(paramLabel = "NUMBER", description = "The invoice.")
    private String number = "";

    @Option(
        names = "--why",
        paramLabel = "LINE",
        description = "List each request of this line, its units, price, and rate card.")
    private @Nullable Integer line;

    Show(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      if (line != null) {
        context.screen().result("request,at,units,price,exact_amount,rate_card,rate_card_sha256");
        books.invoices().why(number, line, this::tell);
        return ExitCode.OK;
      }
      Invoice invoice = books.invoices().find(number).invoice();
      Table table =
          new Table(context.screen(), "LINE", "WHAT", "UNITS", "OF A MILLION", "AMOUNT")
              .alignRight(0, 2, 3, 4);
      for (InvoiceLine each : invoice.lines()) {
        table.row(
            Integer.toString(each.number()),
            each.model() + " " + each.serviceClass() + " " + each.meter(),
            Long.toString(each.quantity()),
            each.pricePico() == 0
                ? ""
                : Invoice.exact(BigInteger.valueOf(each.pricePico()).multiply(MILLION)),
            invoice.amount(each.minor()));
      }
      for (Invoice.Tax tax : invoice.taxes()) {
        table.row("", tax.name() + " " + tax.rate().percent(), "", "", invoice.amount(tax.minor()));
      }
      table.row("", "total", "", "", invoice.amount(invoice.totalMinor()));
      table.row("", "paid by credit", "", "", invoice.amount(invoice.paidMinor()));
      table.row("", "due", "", "", invoice.amount(invoice.dueMinor()));
      table.print();
      return ExitCode.OK;
    }

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

    private void tell(InvoiceStore.Reason reason) {
      context
          .screen()
          .result(
              String.join(
                  ",",
                  reason.usage().requestId().toString(),
                  reason.usage().at().toString(),
                  Long.toString(reason.units()),
                  Invoice.exact(BigInteger.valueOf(reason.pricePico())),
                  Invoice.exact(
                      BigInteger.valueOf(reason.pricePico())
                          .multiply(BigInteger.valueOf(reason.units()))),
                  Long.toString(reason.usage().rateCardId()),
                  reason.cardSha256()));
    }
  }

  /** {@code invoices verify}. */
  @Command(
      name = "verify",
      description = "Make invoices again from their requests and prices, and compare each byte.")
  static final class Verify extends Verb {
    @Parameters(arity = "0..*", paramLabel = "NUMBER", description = "Which (all).")
    private List<String> numbers = new ArrayList<>();

    Verify(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      InvoiceStore invoices = books.invoices();
      List<String> wanted =
          numbers.isEmpty()
              ? invoices.list(null).stream()
                  .map(stored -> stored.invoice().terms().number())
                  .toList()
              : numbers;
      boolean holds = true;
      for (String number : wanted) {
        InvoiceVerdict verdict = invoices.verify(number);
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

  /** {@code invoices export}. */
  @Command(
      name = "export",
      description = "Write an invoice as PDF, JSON, CSV or FOCUS.",
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai invoices export INV-2026-000001 --format pdf --output november.pdf"})
  static final class Export extends Verb {
    @Parameters(paramLabel = "NUMBER", description = "The invoice.")
    private String number = "";

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "json",
        description = "json, csv, focus-1.2, focus-1.3 or pdf (json).")
    private String format = "json";

    @Option(names = "--output", paramLabel = "FILE", description = "Where to (standard output).")
    private @Nullable Path output;

    Export(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      InvoiceFormat wanted =
          Arrays.stream(InvoiceFormat.values())
              .filter(one -> one.text().equals(format))
              .findFirst()
              .orElseThrow(() ->
                  new CommandException(
                      ExitCode.USAGE,
                      "'"
                          + format
                          + "' is no format: it must be one of "
                          + Arrays.stream(InvoiceFormat.values())
                              .map(InvoiceFormat::text)
                              .collect(Collectors.joining(", "))
                          + "."));
      byte[] bytes = books.invoices().find(number).export(wanted);
      if (output == null) {
        context.screen().out().writeBytes(bytes);
        context.screen().out().flush();
        return ExitCode.OK;
      }
      try {
        Files.write(output, bytes);
      } catch (IOException unwritable) {
        throw new CommandException(ExitCode.FAILED, output + " can't be written.", unwritable);
      }
      return ExitCode.OK;
    }
  }

  /** {@code invoices party}. */
  @Command(
      name = "party",
      description = "Say who a tenant is on invoices; 'default' is who sells.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  yuntai invoices party acme --name 'Acme GmbH' --address 'Straße 1' --address Köln --jurisdiction DE"
      })
  static final class SetParty extends Verb {
    @Parameters(paramLabel = "TENANT", description = "Who it is.")
    private String tenant = "";

    @Option(names = "--name", paramLabel = "TEXT", required = true, description = "The name.")
    private String name = "";

    @Option(
        names = "--address",
        paramLabel = "LINE",
        description = "A line of the address; up to 6.")
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

  /** {@code invoices tax}. */
  @Command(
      name = "tax",
      description = "Say what tax buyers of a jurisdiction pay.",
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai invoices tax DE VAT 19%% --from 2026-01-01"})
  static final class SetTax extends Verb {
    @Parameters(index = "0", paramLabel = "JURISDICTION", description = "Such as DE or US-CA.")
    private String jurisdiction = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "As on the invoice, such as VAT.")
    private String name = "";

    @Parameters(index = "2", paramLabel = "RATE", description = "Such as 19%%.")
    private String rate = "";

    @Option(names = "--from", paramLabel = "TIME", required = true, description = "From when on.")
    private String from = "";

    SetTax(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run(LocalBooks books) {
      books
          .invoices()
          .taxRate(
              jurisdiction,
              new TaxRate(name, Ratio.parse(rate, "tax rate")),
              LocalBooks.instant(from));
      return ExitCode.OK;
    }
  }
}
