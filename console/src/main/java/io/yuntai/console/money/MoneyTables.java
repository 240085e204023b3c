package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.budgets.CreditGrant;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.server.console.ConsoleServices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What was spent, and the credit that was given. */
final class MoneyTables {
  static final String TREE = "money-tree";
  static final String CREDIT = "credit";

  private MoneyTables() {}

  /** What was spent, as a tree, whose order is its own. */
  static Listing<SpendTree.Row> tree(
      Visit visit, Organisation org, Months month, Instant now, SpendTree tree) {
    Column<SpendTree.Row> of =
        Column.of(
            "of",
            visit.text("money.tree.of"),
            row ->
                new Cell.Branch(
                    row.level().depth(),
                    visit.text("money.tree." + row.kind()),
                    row.title(visit.ui()),
                    row.log(org.name(), month, now)));
    return new Listing<>(
        TREE,
        List.of(
            of,
            count(visit, "requests", "money.requests", SpendTree.Row::requests),
            count(visit, "input_tokens", "money.input", SpendTree.Row::inputTokens),
            count(visit, "cached_tokens", "money.cached", SpendTree.Row::cachedTokens),
            count(visit, "output_tokens", "money.output", SpendTree.Row::outputTokens),
            Column.figures(
                "amount", visit.text("money.amount"), row -> amount(visit, org, row.amount(), 12))),
        Set.of(),
        "",
        Listing.pages(tree.rows()));
  }

  /** The leaves of that tree, as a file. */
  static Listing<SpendLeaf> spending(Visit visit, Organisation org, List<SpendLeaf> leaves) {
    return Listing.of(
        visit,
        TREE,
        List.of(
            Column.words("project", SpendLeaf::project),
            Column.words("key", SpendLeaf::key),
            Column.words("key_name", SpendLeaf::keyName),
            Column.words("person", SpendLeaf::person),
            Column.words("model", SpendLeaf::model),
            Column.count("requests", SpendLeaf::requests),
            Column.count("input_tokens", SpendLeaf::inputTokens),
            Column.count("cached_tokens", SpendLeaf::cachedTokens),
            Column.count("output_tokens", SpendLeaf::outputTokens),
            Column.figures("amount", "amount", leaf -> amount(visit, org, leaf.amount(), 12)),
            Column.words("currency", _ -> org.currency())),
        leaves);
  }

  /** All grants of credit. */
  static Listing<CreditGrant> credits(Visit visit, ConsoleServices services, Organisation org) {
    Column<CreditGrant> currency =
        Column.of("currency", visit.text("money.currency"), _ -> new Cell.Text(org.currency()));
    return Listing.sortedOf(
        visit,
        CREDIT,
        List.of(
            Column.of(
                "at", visit.text("money.account.at"), grant -> new Cell.Time(grant.created())),
            Column.of(
                "kind",
                visit.text("money.account.kind"),
                grant ->
                    new Cell.Worded(
                        visit.text("money.credit.kind." + grant.kind().label()),
                        grant.kind().label())),
            Column.figures(
                "amount",
                visit.text("money.amount"),
                grant -> amount(visit, org, BigDecimal.valueOf(grant.amountNano(), 9), 9)),
            currency.onRequest(),
            Column.of(
                "expires",
                visit.text("money.credit.expires"),
                grant -> expires(visit, grant.expires())),
            Column.of(
                "note", visit.text("money.credit.note"), grant -> new Cell.Text(grant.note()))),
        page -> services.admin().credits().list(org, page));
  }

  private static Cell expires(Visit visit, @Nullable Instant at) {
    return at == null ? new Cell.Worded(visit.text("money.credit.never"), "") : new Cell.Time(at);
  }

  static Cell amount(Visit visit, Organisation org, BigDecimal amount, int places) {
    return new Cell.Figure(
        visit.ui().formats().money(amount, org.currency(), places), amount.toPlainString());
  }

  private static Column<SpendTree.Row> count(
      Visit visit, String id, String label, ToLongFunction<SpendTree.Row> value) {
    return Column.figures(
        id,
        visit.text(label),
        row -> {
          long count = value.applyAsLong(row);
          return new Cell.Figure(visit.ui().formats().count(count), Long.toString(count));
        });
  }
}
