package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.accounts.Statement;
import io.yuntai.ledger.accounts.StatementLine;
import io.yuntai.ledger.tenancy.Organisation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A month of a tenant's account. */
final class StatementTable {
  private StatementTable() {}

  static Listing<StatementLine> of(Visit visit, Organisation org, Statement statement) {
    List<Column<StatementLine>> columns =
        List.of(
            Column.of("at", visit.text("money.account.at"), line -> new Cell.Time(line.at())),
            Column.of(
                "kind",
                visit.text("money.account.kind"),
                line ->
                    new Cell.Text(
                        visit.text(
                            "money.account." + line.kind().name().toLowerCase(Locale.ROOT)))),
            Column.of(
                "reference",
                visit.text("money.account.reference"),
                line -> new Cell.Text(line.reference())),
            Column.figures(
                "owed",
                visit.text("money.account.owed"),
                line -> amount(visit, org, line.owedNano())),
            Column.figures(
                "credit",
                visit.text("money.account.credit"),
                line -> amount(visit, org, line.creditNano())));
    return Listing.of(visit, "account", columns, statement.lines().reversed());
  }

  private static Cell amount(Visit visit, Organisation org, BigInteger nano) {
    BigDecimal amount = new BigDecimal(nano, 9);
    return new Cell.Figure(
        visit.ui().formats().money(amount, org.currency(), 9), amount.toPlainString());
  }

  /** An age that a stream tells: seconds first, then only what is read at a glance. */
  static String age(Visit visit, Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    return seconds < 60
        ? visit.text("ui.age.past.s", seconds)
        : visit.text("ui.age.past.min", seconds / 60);
  }
}
