package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.budgets.Budget;
import io.yuntai.ledger.budgets.BudgetForecast;
import io.yuntai.ledger.budgets.BudgetStatus;
import io.yuntai.ledger.budgets.CreditGrant;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.SpendLeaf;
import io.yuntai.server.admin.Views;
import io.yuntai.server.console.ConsoleServices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What the page Money shows in forms of its own, as files. */
final class MoneyTables {
  private MoneyTables() {}

  /** What was spent, by project, key and model. */
  static Listing<SpendLeaf> spending(Visit visit, Organisation org, List<SpendLeaf> leaves) {
    return Listing.of(
        visit,
        "money-tree",
        List.of(
            text("project", SpendLeaf::project),
            text("key", SpendLeaf::key),
            text("key_name", SpendLeaf::keyName),
            text("person", SpendLeaf::person),
            text("model", SpendLeaf::model),
            count("requests", SpendLeaf::requests),
            count("input_tokens", SpendLeaf::inputTokens),
            count("cached_tokens", SpendLeaf::cachedTokens),
            count("output_tokens", SpendLeaf::outputTokens),
            number("amount", leaf -> leaf.amount().toPlainString()),
            text("currency", _ -> org.currency())),
        leaves);
  }

  /** All budgets, with the time at which each is likely to be used up. */
  static Listing<BudgetStatus> budgets(ConsoleServices services, Organisation org, Instant now) {
    return Listing.of(
        "budgets",
        List.of(
            text("level", status -> budget(status).target().level().publicLabel()),
            text("of", status -> budget(status).target().name()),
            text("unit", status -> budget(status).terms().unit().label()),
            text("period", status -> budget(status).terms().period().label()),
            number(
                "limit",
                status ->
                    Views.amount(
                        org, budget(status).terms().unit(), budget(status).terms().amount())),
            number(
                "used", status -> Views.amount(org, budget(status).terms().unit(), status.used())),
            text("hard", status -> Boolean.toString(budget(status).terms().hard())),
            text(
                "used_up_at",
                status ->
                    BudgetForecast.of(status, now).hitsAt().map(Instant::toString).orElse(""))),
        page -> services.admin().budgets().list(org, page));
  }

  private static Budget budget(BudgetStatus status) {
    return status.budget();
  }

  /** All grants of credit. */
  static Listing<CreditGrant> credits(ConsoleServices services, Organisation org) {
    return Listing.of(
        "credit",
        List.of(
            text("at", grant -> grant.created().toString()),
            text("kind", grant -> grant.kind().label()),
            number("amount", grant -> BigDecimal.valueOf(grant.amountNano(), 9).toPlainString()),
            text("currency", _ -> org.currency()),
            text(
                "expires",
                grant -> {
                  Instant expires = grant.expires();
                  return expires == null ? "" : expires.toString();
                }),
            text("note", CreditGrant::note)),
        page -> services.admin().credits().list(org, page));
  }

  private static <R> Column<R> text(String id, Function<R, String> value) {
    return Column.of(id, id, row -> new Cell.Text(value.apply(row)));
  }

  private static <R> Column<R> number(String id, Function<R, String> value) {
    return Column.figures(id, id, row -> new Cell.Figure(value.apply(row), value.apply(row)));
  }

  private static <R> Column<R> count(String id, ToLongFunction<R> value) {
    return number(id, row -> Long.toString(value.applyAsLong(row)));
  }
}
