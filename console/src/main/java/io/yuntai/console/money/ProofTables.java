package io.yuntai.console.money;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.OpenMatters;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The tables of the ledger's proof, as files. */
final class ProofTables {
  static final String OPEN = "open";
  static final String RULES = "rules";

  private ProofTables() {}

  private record Open(String kind, OpenMatters.Matter matter) {}

  /**
   * Every rule, and what came of it.
   *
   * @param operator whether its reader may know what a broken one is about
   */
  static Listing<CheckResult> rules(Visit visit, List<CheckResult> checks, boolean operator) {
    return Listing.of(
        visit,
        RULES,
        List.of(
            text("rule", CheckResult::name),
            text("says", check -> visit.ui().sentence(check.rule())),
            count("rows", CheckResult::rows),
            count("bad", CheckResult::bad),
            text("first_bad", check -> operator ? check.firstBad() : "")),
        checks);
  }

  /** What the ledger keeps until somebody has looked at it. */
  static Listing<?> open(Visit visit, OpenMatters matters) {
    List<Open> all =
        Stream.concat(
                matters.quarantined().stream().map(matter -> new Open("quarantined", matter)),
                matters.differences().stream().map(matter -> new Open("difference", matter)))
            .toList();
    return Listing.of(
        visit,
        OPEN,
        List.of(
            text("kind", Open::kind),
            text("tenant", one -> one.matter().tenant()),
            text("what", one -> one.matter().what()),
            count("count", one -> one.matter().count()),
            Column.of("since", "since", one -> new Cell.Time(one.matter().since())),
            text("example", one -> one.matter().detail())),
        all);
  }

  private static <R> Column<R> text(String id, Function<R, String> value) {
    return Column.of(id, id, row -> new Cell.Text(value.apply(row)));
  }

  private static <R> Column<R> count(String id, ToLongFunction<R> value) {
    return Column.figures(
        id,
        id,
        row -> {
          String text = Long.toString(value.applyAsLong(row));
          return new Cell.Figure(text, text);
        });
  }
}
