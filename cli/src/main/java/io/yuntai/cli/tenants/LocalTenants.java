package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.identity.Identity;
import io.yuntai.ledger.identity.PasswordHashes;
import io.yuntai.ledger.identity.SessionLimits;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.Pepper;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.admin.AdminServices;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tenants of a home's server, whether it runs or not. */
public final class LocalTenants {
  private LocalTenants() {}

  /** Who runs this command, for the audit log. */
  public static Actor actor() {
    String user = System.getProperty("user.name", "unknown");
    return new Actor("cli:" + (user.length() <= 100 ? user : user.substring(0, 100)), "local");
  }

  /** Does something with the tenants of this home, and leaves their database as it was. */
  static <T> T with(CliContext context, HomeOption option, Function<AdminServices, T> work) {
    HomeDirectory home = option.directory(context.environment());
    home.create();
    Path path = home.path();
    try (Database database =
        Database.connectOrOpen(DatabaseOptions.of(path, context.environment()))) {
      SecureRandom random = new SecureRandom();
      Pepper pepper = Pepper.of(path, random);
      Transactions transactions = new Transactions(database.dataSource());
      InstantSource clock = InstantSource.system();
      Identity identity =
          new Identity(
              transactions,
              pepper,
              random,
              PasswordHashes.ofMachine(random),
              SessionLimits.DEFAULTS,
              clock);
      try (ApiKeys keys = new ApiKeys(transactions, pepper)) {
        return work.apply(
            AdminServices.of(database.dataSource(), keys, identity, pepper, random, clock, false));
      }
    }
  }

  /** An amount in whole units of a tenant's currency, in nano. */
  static long nano(Organisation org, String amount) {
    try {
      return Money.parse(IsoCurrency.of(org.currency()), amount).nano();
    } catch (MoneyException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Tells, where it is so, that a tenant pays for nothing, and so never uses up money. */
  static void noteUnpriced(CliContext context, AdminServices services, Organisation org) {
    if (services.prices(actor()).contract(org.id(), Instant.now()).isEmpty()) {
      context.screen().note(context.text("tenants.unpriced", org.name()));
    }
  }

  /** All items of a list, page by page. */
  static <T> List<T> all(Function<PageRequest, Page<T>> list) {
    List<T> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<T> page = list.apply(new PageRequest(cursor, PageRequest.MAX_LIMIT));
      items.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return items;
  }
}
