package io.yuntai.console.now;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.usage.UsageStep;
import java.util.List;

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
            Column.words("urgency", WorkRow::urgency),
            Column.words("what", WorkRow::what),
            Column.words("effect", WorkRow::effect),
            Column.words("cause", row -> visit.ui().sentence(row.cause())),
            Column.words("next", WorkRow::next),
            Column.words("where", WorkRow::href)),
        rows);
  }

  /** The last day, in quarters of an hour. */
  static Listing<UsageStep> strip(Visit visit, List<UsageStep> steps) {
    List<Column<UsageStep>> columns =
        List.of(
            Column.of("from", "from", step -> new Cell.Time(step.from())),
            Column.count("requests", UsageStep::requests),
            Column.count("failed", UsageStep::failed),
            Column.count("tokens", UsageStep::tokens));
    return Listing.of(visit, STRIP, columns, steps);
  }
}
