package io.yuntai.console.requests;

import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.console.text.Formats;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.RequestBar;
import io.yuntai.ledger.requests.RequestFilter;
import io.yuntai.ledger.requests.RequestLog;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.requests.RequestSort;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/** {@code /console/requests}. */
public final class RequestsPage implements Page {
  static final String PATH = "/console/requests";
  private static final String TABLE = "requests";
  private static final int BARS = 96;
  private static final int LOOKED_AT = 20;

  /** Parameter of the query: the last row that a page knows of. */
  private static final String AFTER = "after";

  private static final int MOST_NEW = 999;

  /** An answer may take minutes; what has no price after this waits for somebody. */
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(5);

  private final ConsoleServices services;

  RequestsPage(ConsoleServices services) {
    this.services = services;
  }

  /**
   * What its template shows.
   *
   * @param all whether it shows everybody's
   * @param requests how many came in the time shown
   * @param live where to hear of newer requests; empty where the newest are not looked at
   * @param settling whether the price of one of the last rows is not known yet, but will be soon
   */
  public record Model(
      Table table,
      List<RequestBar> bars,
      RequestFilter filter,
      String tenant,
      boolean all,
      long requests,
      long failed,
      long most,
      String live,
      boolean settling) {}

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Audience audience() {
    return Audience.of(Permission.READ);
  }

  @Override
  public Optional<NavigationEntry> navigation() {
    return Optional.of(new NavigationEntry("requests.title", 60, "requests"));
  }

  @Override
  public View show(Visit visit) throws ApiException {
    Instant now = services.clock().instant();
    RequestFilter filter = Filters.of(visit.query(), now, visit.ui().formats().zone());
    RequestLog log = new RequestLog(new Transactions(services.admin().database()));
    boolean all = visit.operates() && visit.query().text("tenant").isEmpty();
    Optional<Organisation> org = all ? Optional.empty() : Optional.of(visit.tenant());
    // Read before the rows: what comes meanwhile is told once more rather than never.
    long last = log.last();
    RequestSort sort = RequestSort.of(Listing.sort(visit, TABLE)).orElse(RequestSort.NEWEST);
    Listing<RequestRow> listing =
        new Listing<>(
            TABLE,
            columns(visit, all),
            Set.copyOf(RequestSort.names()),
            sort.text(),
            wanted ->
                org.isPresent()
                    ? log.of(org.get(), filter, sort, wanted)
                    : log.all(filter, sort, wanted));
    if (listing.isWanted(visit)) {
      return listing.csv("requests");
    }
    List<RequestBar> bars =
        org.isPresent() ? log.bars(org.get(), filter, BARS) : log.bars(filter, BARS);
    if (Table.isExport(visit)) {
      return bars(visit, bars).csv("requests-over-time");
    }
    long most = bars.stream().mapToLong(RequestBar::requests).max().orElse(0);
    return View.html(
        "requests/requests.jte",
        new Model(
            listing.table(visit, visit.text("requests.none")),
            bars,
            filter,
            org.map(Organisation::name).orElse(""),
            all,
            bars.stream().mapToLong(RequestBar::requests).sum(),
            bars.stream().mapToLong(RequestBar::failed).sum(),
            most,
            isNewest(visit, sort)
                ? PATH + "/live?" + visit.query().with(AFTER, Long.toString(last)).encoded()
                : "",
            settling(
                org.isPresent()
                    ? log.of(org.get(), filter, PageRequest.first(LOOKED_AT))
                    : log.all(filter, PageRequest.first(LOOKED_AT)),
                now)));
  }

  /** Whether the first page of the newest is looked at, which newer requests belong on. */
  private static boolean isNewest(Visit visit, RequestSort sort) {
    return sort.equals(RequestSort.NEWEST)
        && visit.query().text("to").isEmpty()
        && (visit.query().text(Table.CURSOR).isEmpty() || !Table.isMeant(visit, TABLE));
  }

  /** How many requests came since a page was made. */
  LiveStreams.Now live(Visit visit) {
    String after = visit.query().text(AFTER);
    if (!after.matches("[0-9]{1,18}")) {
      throw PageRequest.notOurs();
    }
    RequestFilter filter =
        Filters.of(visit.query(), services.clock().instant(), visit.ui().formats().zone());
    RequestLog log = new RequestLog(new Transactions(services.admin().database()));
    long row = Long.parseLong(after);
    long newer =
        visit.operates() && visit.query().text("tenant").isEmpty()
            ? log.newer(filter, row, MOST_NEW + 1)
            : log.newer(visit.tenant(), filter, row, MOST_NEW + 1);
    String count = visit.ui().formats().count(Math.min(newer, MOST_NEW));
    return LiveStreams.Now.texts(
        Map.of(
            "requests-new",
            newer == 0 ? "" : visit.text("requests.new", newer > MOST_NEW ? count + "+" : count)));
  }

  private static boolean settling(io.yuntai.ledger.tenancy.Page<RequestRow> last, Instant now) {
    return last.items().stream().anyMatch(row -> isSettling(row, now));
  }

  /** Whether it was let in a moment ago and has no price yet. */
  static boolean isSettling(RequestRow row, Instant now) {
    return row.request().cost().usageId() != null
        && !row.tenant().isEmpty()
        && row.entry().isEmpty()
        && row.request().at().isAfter(now.minus(SETTLED_WITHIN));
  }

  private static Listing<RequestBar> bars(Visit visit, List<RequestBar> bars) {
    return Listing.of(
        visit,
        "requests-bars",
        List.of(
            Column.of("from", "from", bar -> new Cell.Time(bar.from())),
            Column.count("requests", RequestBar::requests),
            Column.count("failed", RequestBar::failed)),
        bars);
  }

  static String address(RequestRow row) {
    return PATH
        + "/"
        + (row.tenant().isEmpty() ? Organisation.DEFAULT : row.tenant())
        + "/"
        + row.request().requestId();
  }

  private static List<Column<RequestRow>> columns(Visit visit, boolean all) {
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

  private static String key(RequestRow row) {
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
