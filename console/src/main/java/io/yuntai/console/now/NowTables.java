package io.yuntai.console.now;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.usage.UsageStep;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What the page Now shows in forms of its own, as files. */
final class NowTables {
  static final String WORK = "now-work";
  static final String STRIP = "now-strip";

  private NowTables() {}

  /** What needs somebody, in the reader's words. */
  static Listing<WorkRow> work(Visit visit, List<WorkRow> rows) {
    return Listing.of(
        visit,
        WORK,
        List.of(
            Column.of("since", "since", row -> new Cell.Time(row.since())),
            text("urgency", WorkRow::urgency),
            text("what", WorkRow::what),
            text("effect", WorkRow::effect),
            text("cause", row -> visit.ui().sentence(row.cause())),
            text("next", WorkRow::next),
            text("where", WorkRow::href)),
        rows);
  }

  /** The last day, in quarters of an hour. */
  static Listing<UsageStep> strip(Visit visit, List<UsageStep> steps) {
    return Listing.of(
        visit,
        STRIP,
        List.of(
            Column.of("from", "from", step -> new Cell.Time(step.from())),
            count("requests", UsageStep::requests),
            count("failed", UsageStep::failed),
            count("tokens", UsageStep::tokens)),
        steps);
  }

  private static Column<WorkRow> text(String id, Function<WorkRow, String> value) {
    return Column.of(id, id, row -> new Cell.Text(value.apply(row)));
  }

  private static Column<UsageStep> count(String id, ToLongFunction<UsageStep> value) {
    return Column.figures(
        id,
        id,
        step -> {
          String text = Long.toString(value.applyAsLong(step));
          return new Cell.Figure(text, text);
        });
  }
}
