package io.yuntai.console.now;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table.Column;
import io.yuntai.ledger.usage.UsageStep;
import java.util.List;

/** The tables of the page Now. */
final class NowTables {
  static final String WORK = "now-work";
  static final String STRIP = "now-strip";

  private NowTables() {}

  /** What needs somebody, in the reader's words; what is most urgent first. */
  static Listing<WorkRow> work(Visit visit, List<WorkRow> rows) {
    Column<WorkRow> urgency =
        Column.of("urgency", visit.text("now.work.urgency"), row -> new Cell.Text(row.urgency()));
    Column<WorkRow> where =
        Column.of("where", visit.text("now.work.where"), row -> new Cell.Text(row.href()));
    return Listing.of(
        visit,
        WORK,
        List.of(
            Column.of("since", visit.text("now.work.age"), row -> new Cell.Time(row.since())),
            urgency.onRequest(),
            Column.of(
                "what",
                visit.text("now.work.what"),
                row -> new Cell.Alert(row.urgency(), row.what(), row.tone())),
            Column.of("effect", visit.text("now.work.effect"), row -> new Cell.Text(row.effect())),
            Column.of(
                "cause",
                visit.text("now.work.cause"),
                row ->
                    new Cell.Said(
                        visit.ui().sentence(row.cause()),
                        visit.ui().sentenceLanguage(row.cause()))),
            Column.of("next", visit.text("now.work.next"), NowTables::next),
            where.onRequest()),
        rows);
  }

  private static Cell next(WorkRow row) {
    return row.href().isEmpty() ? new Cell.Text(row.next()) : new Cell.Link(row.next(), row.href());
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
