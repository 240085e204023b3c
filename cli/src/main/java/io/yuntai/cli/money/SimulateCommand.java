package io.yuntai.cli.money;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.Simulation;
import io.yuntai.ledger.prices.BookVersion;
import io.yuntai.ledger.prices.Contract;
import io.yuntai.ledger.prices.PriceStore;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code prices simulate}. */
@Command(
    name = "simulate",
    description = "Show what a tenant's requests would have cost by another price book.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai prices simulate list@2 --tenant acme"})
final class SimulateCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "BOOK", description = "NAME, or NAME@VERSION; drafts too.")
  private String book = "";

  @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose requests.")
  private String tenant = "";

  @Option(names = "--from", paramLabel = "TIME", description = "The first (last month's).")
  private @Nullable String from;

  @Option(names = "--until", paramLabel = "TIME", description = "The end (last month's).")
  private @Nullable String until;

  SimulateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    BookName wanted = BookName.parse(book);
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    Instant start = from == null ? start(month.minusMonths(1).atDay(1)) : LocalBooks.instant(from);
    Instant end = until == null ? start(month.atDay(1)) : LocalBooks.instant(until);
    List<Simulation.Line> lines =
        LocalBooks.with(
            context,
            home.directory(context.environment()),
            books -> {
              long org = books.org(tenant);
              PriceStore prices = books.prices();
              BookVersion version = prices.find(wanted.name(), wanted.version());
              List<Contract.Factor> factors =
                  prices.contract(org, Instant.now()).map(Contract::factors).orElse(List.of());
              return Simulation.run(
                  books.database(), org, start, end, PriceStore.supposed(version.book(), factors));
            });
    Table table =
        new Table(context.screen(), "MODEL", "REQUESTS", "UNPRICED", "CHARGED", "WITH " + book)
            .alignRight(1, 2, 3, 4);
    BigInteger charged = BigInteger.ZERO;
    BigInteger supposed = BigInteger.ZERO;
    for (Simulation.Line line : lines) {
      charged = charged.add(line.chargedPico());
      supposed = supposed.add(line.supposedPico());
      table.row(
          line.model(),
          Long.toString(line.requests()),
          Long.toString(line.unpriced()),
          Invoice.exact(line.chargedPico()),
          Invoice.exact(line.supposedPico()));
    }
    table.row("all", "", "", Invoice.exact(charged), Invoice.exact(supposed));
    table.print();
    return ExitCode.OK.number();
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
