package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.OpenMatters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The tables of the ledger's proof. */
final class ProofTables {
  static final String OPEN = "open";
  static final String RULES = "rules";

  private ProofTables() {}

  /**
   * What the ledger keeps open.
   *
   * @param kind {@code quarantined} or {@code difference}
   */
  record Open(String kind, OpenMatters.Matter matter) {}

  /**
   * Every rule, and what came of it.
   *
   * @param operator whether its reader may know what a broken one is about
   */
  static Listing<CheckResult> rules(Visit visit, List<CheckResult> checks, boolean operator) {
    List<Column<CheckResult>> columns = new ArrayList<>();
    columns.add(
        Column.of("rule", visit.text("money.proof.rule"), check -> new Cell.Code(check.name())));
    columns.add(
        Column.of(
            "says",
            visit.text("money.proof.says"),
            check ->
                new Cell.Said(
                    visit.ui().sentence(check.rule()), visit.ui().sentenceLanguage(check.rule()))));
    columns.add(count(visit, "rows", "money.proof.rows", CheckResult::rows));
    columns.add(count(visit, "bad", "money.proof.broken", CheckResult::bad).onRequest());
    Column<CheckResult> first =
        Column.of(
            "first_bad",
            visit.text("money.proof.example"),
            check -> new Cell.Text(operator ? check.firstBad() : ""));
    boolean broken = operator && checks.stream().anyMatch(check -> !check.holds());
    columns.add(broken ? first : first.onRequest());
    columns.add(
        Column.of(
            "result",
            visit.text("money.proof.result"),
            check ->
                check.holds()
                    ? new Cell.Badge(visit.text("money.proof.holds"), Cell.Tone.OK)
                    : new Cell.Badge(
                        visit.text("money.proof.bad", visit.ui().formats().count(check.bad())),
                        Cell.Tone.BAD)));
    return Listing.of(visit, RULES, columns, checks);
  }

  /** What the ledger keeps until somebody has looked at it. */
  static Listing<Open> open(Visit visit, OpenMatters matters) {
    List<Open> all =
        Stream.concat(
                matters.quarantined().stream().map(matter -> new Open("quarantined", matter)),
                matters.differences().stream().map(matter -> new Open("difference", matter)))
            .toList();
    return Listing.of(
        visit,
        OPEN,
        List.of(
            Column.of(
                "kind",
                visit.text("money.proof.kind"),
                one ->
                    new Cell.Worded(
                        visit.text(
                            one.kind().equals("difference")
                                ? "money.proof.differences"
                                : "money.proof.quarantined"),
                        one.kind())),
            Column.of(
                "tenant", visit.text("ui.tenant"), one -> new Cell.Text(one.matter().tenant())),
            Column.of(
                "what",
                visit.text("money.proof.rule"),
                one -> new Cell.Said(one.matter().what(), "en")),
            count(visit, "count", "money.proof.count", one -> one.matter().count()),
            Column.of(
                "since",
                visit.text("money.proof.since"),
                one -> new Cell.Time(one.matter().since())),
            Column.of(
                "example",
                visit.text("money.proof.example"),
                one -> new Cell.Code(one.matter().detail()))),
        all);
  }

  private static <R> Column<R> count(
      Visit visit, String id, String label, ToLongFunction<R> value) {
    return Column.figures(
        id,
        visit.text(label),
        row -> {
          long count = value.applyAsLong(row);
          return new Cell.Figure(visit.ui().formats().count(count), Long.toString(count));
        });
  }
}
