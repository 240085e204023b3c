package io.yuntai.console.requests;

import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.Ui;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.console.table.Cell;
import io.yuntai.console.table.Listing;
import io.yuntai.console.table.Table;
import io.yuntai.console.table.Table.Column;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
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
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
      boolean settling) {
    /** When the time shown begins, as a field for times has it. */
    public String from(Ui ui) {
      return field(ui, filter.from().orElseThrow());
    }

    /** When it ends. */
    public String to(Ui ui) {
      return field(ui, filter.to().orElseThrow());
    }

    private static String field(Ui ui, Instant at) {
      return LocalDateTime.ofInstant(at, ui.formats().zone())
          .truncatedTo(ChronoUnit.MINUTES)
          .format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT));
    }
  }

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
            RequestColumns.of(visit, all),
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
}
