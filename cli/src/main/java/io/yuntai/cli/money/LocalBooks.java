package io.yuntai.cli.money;

import io.yuntai.cli.tenants.LocalTenants;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.accounts.AccountException;
import io.yuntai.ledger.accounts.Accounts;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.invoices.InvoiceException;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.prices.CommitmentStore;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.FxRates;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.revenue.Revenue;
import io.yuntai.ledger.revenue.RevenueException;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.server.HomeDirectory;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.function.Function;
import javax.sql.DataSource;

/** Prices and invoices of this machine's database, while a command uses them. */
final class LocalBooks {
  private final DataSource database;
  private final Actor actor;

  private LocalBooks(DataSource database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** Does something with the books of this home, and leaves their database as it was. */
  static <T> T with(CliContext context, HomeDirectory home, Function<LocalBooks, T> work) {
    home.create();
    try (Database database =
        Database.connectOrOpen(DatabaseOptions.of(home.path(), context.environment()))) {
      return work.apply(new LocalBooks(database.dataSource(), LocalTenants.actor()));
    } catch (MoneyException | InvoiceException | AccountException | RevenueException refused) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(refused.getMessage()), refused);
    }
  }

  DataSource database() {
    return database;
  }

  PriceStore prices() {
    return new PriceStore(database, actor);
  }

  InvoiceStore invoices() {
    return new InvoiceStore(database, new DatabaseRateCards(database), actor);
  }

  CommitmentStore commitments() {
    return new CommitmentStore(database, actor);
  }

  Accounts accounts() {
    return new Accounts(database, actor);
  }

  Revenue revenue() {
    return new Revenue(database);
  }

  FxRates fxRates() {
    return new FxRates(database);
  }

  /** What an organisation pays in. */
  IsoCurrency currency(long org) {
    return prices().currency(org);
  }

  /** What an organisation is called. */
  String orgName(long org) {
    return prices().organisationName(org);
  }

  /** The organisation of a name. */
  long org(String name) {
    OptionalLong found = prices().organisation(name);
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "There is no tenant '" + name + "'; 'yuntai tenants list' shows all.");
    }
    return found.getAsLong();
  }

  /** A date, which is its beginning in UTC, or an instant. */
  static Instant instant(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException wrong) {
      throw new CommandException(
          ExitCode.USAGE,
          "'" + text + "' is no time: write 2026-12-01 or 2026-12-01T00:00:00Z.",
          wrong);
    }
  }
}
