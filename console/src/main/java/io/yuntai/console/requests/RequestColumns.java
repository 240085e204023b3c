package io.yuntai.console.requests;

import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Table.Column;
import io.yuntai.console.text.Formats;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.Organisation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a table tells of requests. */
public final class RequestColumns {
  private RequestColumns() {}

  static String address(RequestRow row) {
    return RequestsPage.PATH
        + "/"
        + (row.tenant().isEmpty() ? Organisation.DEFAULT : row.tenant())
        + "/"
        + row.request().requestId();
  }

  /**
   * All columns.
   *
   * @param all whether there are requests of many tenants
   */
  public static List<Column<RequestRow>> of(Visit visit, boolean all) {
    Formats formats = visit.ui().formats();
    List<Column<RequestRow>> columns = new ArrayList<>();
    columns.add(
        Column.of(
            "at",
            visit.text("requests.at"),
            row -> new Cell.Link(visit.ui().age(row.request().at()), address(row))));
    Column<RequestRow> time =
        Column.of("time", visit.text("requests.time"), row -> new Cell.Time(row.request().at()));
    columns.add(time.onRequest());
    Column<RequestRow> tenant =
        Column.of("tenant", visit.text("ui.tenant"), row -> new Cell.Text(row.tenant()));
    if (all) {
      columns.add(tenant);
    }
    columns.add(
        Column.of(
            "model",
            visit.text("requests.model"),
            row -> new Cell.Text(row.request().asked().model())));
    columns.add(Column.of("key", visit.text("requests.key"), row -> new Cell.Text(key(row))));
    columns.add(Column.of("status", visit.text("requests.status"), row -> status(visit, row)));
    columns.add(
        micros(
            visit,
            "first_token_micros",
            "requests.first",
            row -> row.request().stages().firstToken()));
    columns.add(
        micros(visit, "total_micros", "requests.total", row -> row.request().stages().total()));
    columns.add(
        Column.figures(
            "input",
            visit.text("requests.input"),
            row -> count(formats, row.request().tokens().inputLength())));
    columns.add(
        Column.figures(
            "cache_hit",
            visit.text("requests.cached"),
            row -> count(formats, row.request().tokens().cacheHit())));
    columns.add(
        Column.figures(
            "output",
            visit.text("requests.output"),
            row -> count(formats, row.request().tokens().generated())));
    columns.add(
        Column.figures(
            "amount",
            visit.text("requests.amount"),
            row ->
                row.currency().isEmpty()
                    ? new Cell.Nothing()
                    : new Cell.Figure(
                        formats.money(row.amount(), row.currency(), 12),
                        row.amount().toPlainString())));
    Column<RequestRow> dialect =
        Column.of(
            "dialect",
            visit.text("requests.dialect"),
            row -> new Cell.Text(row.request().asked().dialect()));
    Column<RequestRow> project =
        Column.of("project", visit.text("requests.project"), row -> new Cell.Text(row.project()));
    Column<RequestRow> error =
        Column.of(
            "error",
            visit.text("requests.error"),
            row -> new Cell.Text(row.request().outcome().errorCode()));
    Column<RequestRow> book =
        Column.of("price_book", visit.text("requests.book"), row -> new Cell.Text(row.priceBook()));
    Column<RequestRow> id =
        Column.of(
            "request_id",
            visit.text("requests.id"),
            row -> new Cell.Code(row.request().requestId()));
    columns.addAll(
        List.of(
            dialect.onRequest(),
            project.onRequest(),
            error.onRequest(),
            book.onRequest(),
            id.onRequest()));
    return columns;
  }

  static String key(RequestRow row) {
    return row.keyName().isEmpty() ? row.user() : row.keyName();
  }

  private static Column<RequestRow> micros(
      Visit visit, String id, String label, ToLongFunction<RequestRow> value) {
    return Column.figures(
        id,
        visit.text(label),
        row -> {
          long micros = value.applyAsLong(row);
          return micros == LoggedRequest.Stages.NONE
              ? new Cell.Nothing()
              : new Cell.Figure(
                  visit.ui().formats().duration(Duration.ofNanos(micros * 1000)),
                  Long.toString(micros));
        });
  }

  private static Cell count(Formats formats, long value) {
    return new Cell.Figure(formats.count(value), Long.toString(value));
  }

  static Cell status(Visit visit, RequestRow row) {
    LoggedRequest.Outcome outcome = row.request().outcome();
    boolean failed = outcome.status() >= 400 || !outcome.errorCode().isEmpty();
    return new Cell.Badge(
        failed && !outcome.errorCode().isEmpty()
            ? outcome.status() + " " + outcome.errorCode()
            : Integer.toString(outcome.status()),
        failed ? Cell.Tone.BAD : Cell.Tone.OK);
  }
}
