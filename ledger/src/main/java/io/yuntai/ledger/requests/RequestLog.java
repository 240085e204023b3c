package io.yuntai.ledger.requests;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The table of requests. Safe for use by many threads. */
public final class RequestLog {
  /** Most bars of a picture. */
  public static final int MAX_BARS = 500;

  private static final int DELETED_AT_ONCE = 10_000;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Transactions database;

  /** Of this database. */
  public RequestLog(Transactions database) {
    this.database = database;
  }

  /**
   * Writes rows; those that are there already stay as they are.
   *
   * @throws io.yuntai.ledger.database.DatabaseException when nothing was written
   */
  public void write(List<LoggedRequest> requests) {
    database.run(connection -> {
      try (PreparedStatement row = connection.prepareStatement(RequestSql.INSERT)) {
        for (LoggedRequest request : requests) {
          RequestSql.bind(row, request);
          row.addBatch();
        }
        return row.executeBatch().length;
      }
    });
  }

  /** Requests of an organisation, the newest first. */
  public Page<RequestRow> of(Organisation org, RequestFilter filter, PageRequest page) {
    return of(org, filter, RequestSort.NEWEST, page);
  }

  /** Requests of an organisation in an order. */
  public Page<RequestRow> of(
      Organisation org, RequestFilter filter, RequestSort sort, PageRequest page) {
    return database.run(outer -> {
      long person = person(outer, filter);
      return page.cut(
          named(
              outer,
              sort,
              database.runFor(org.id(), inner -> ids(inner, org.id(), person, filter, sort, page))),
          row -> RequestCursor.of(sort, row));
    });
  }

  /** Requests of all organisations and of nobody known, the newest first; for the operator. */
  public Page<RequestRow> all(RequestFilter filter, PageRequest page) {
    return all(filter, RequestSort.NEWEST, page);
  }

  /** The same in an order. */
  public Page<RequestRow> all(RequestFilter filter, RequestSort sort, PageRequest page) {
    return database.run(connection ->
        page.cut(
            named(
                connection,
                sort,
                ids(connection, 0, person(connection, filter), filter, sort, page)),
            row -> RequestCursor.of(sort, row)));
  }

  /** The number of the row that was written last; 0 where there is none. */
  public long last() {
    return database
        .run(connection ->
            Rows.first(connection, "select max(id) as id from request_log", RequestLog::id))
        .orElse(0L);
  }

  /**
   * How many of an organisation's rows that were written after one a filter lets through.
   *
   * @param last the number of that one
   * @param most so many are counted
   */
  public long newer(Organisation org, RequestFilter filter, long last, int most) {
    long person = person(filter);
    return database.runFor(
        org.id(), connection -> newer(connection, org.id(), person, filter, last, most));
  }

  /** The same of all organisations; for the operator. */
  public long newer(RequestFilter filter, long last, int most) {
    return database.run(
        connection -> newer(connection, 0, person(connection, filter), filter, last, most));
  }

  private static long newer(
      Connection connection, long orgId, long person, RequestFilter filter, long last, int most)
      throws SQLException {
    RequestConditions where = new RequestConditions(orgId, person, filter);
    where.add("r.id > ?", last);
    return Rows.list(
            connection,
            "select r.id from request_log r%s limit ?".formatted(where.sql()),
            RequestLog::id,
            where.parameters(most))
        .size();
  }

  /** An organisation's request of this id, as the answer's {@code x-request-id} says it. */
  public Optional<RequestRow> find(Organisation org, String requestId) {
    return database.run(outer ->
        named(
                outer,
                RequestSort.NEWEST,
                database.runFor(
                    org.id(),
                    inner ->
                        Rows.list(
                            inner,
                            "select id from request_log where org_id = ? and request_id = ?",
                            RequestLog::id,
                            org.id(),
                            requestId)))
            .stream()
            .findFirst());
  }

  /** Any request of this id; for the operator. */
  public Optional<RequestRow> find(String requestId) {
    return database.run(connection ->
        named(
                connection,
                RequestSort.NEWEST,
                Rows.list(
                    connection,
                    "select id from request_log where request_id = ?",
                    RequestLog::id,
                    requestId))
            .stream()
            .findFirst());
  }

  /**
   * A row that may be on its way: rows are written some at a time, a moment after their answers.
   *
   * @param most how long it is waited for; zero for one look
   * @param row looks
   */
  public static Optional<RequestRow> soon(Duration most, Supplier<Optional<RequestRow>> row) {
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<RequestRow> found = row.get();
      if (found.isPresent()
          || System.nanoTime() - end >= 0
          || Thread.currentThread().isInterrupted()) {
        return found;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  /**
   * How many requests of an organisation came when, in pieces of equal length.
   *
   * @param filter with a beginning and an end
   * @param bars how many pieces, 1 to {@link #MAX_BARS}
   */
  public List<RequestBar> bars(Organisation org, RequestFilter filter, int bars) {
    long person = person(filter);
    return database.runFor(
        org.id(), connection -> bars(connection, org.id(), person, filter, bars));
  }

  /** The same of all organisations; for the operator. */
  public List<RequestBar> bars(RequestFilter filter, int bars) {
    return database.run(
        connection -> bars(connection, 0, person(connection, filter), filter, bars));
  }

  /**
   * Deletes rows of requests that came before this, some at a time.
   *
   * @return how many
   */
  public long deleteBefore(Instant time) {
    long deleted = 0;
    int some;
    do {
      some =
          database.run(connection ->
              Rows.change(
                  connection,
                  "delete from request_log where id in ("
                      + "select id from request_log where at < ?::timestamptz order by at limit ?)",
                  time,
                  DELETED_AT_ONCE));
      deleted += some;
    } while (some == DELETED_AT_ONCE && !Thread.currentThread().isInterrupted());
    return deleted;
  }

  private long person(RequestFilter filter) {
    return filter.person().isEmpty() ? 0 : database.run(connection -> person(connection, filter));
  }

  /**
   * The id of who is looked for; 0 for nobody known. The operator's query: an organisation sees its
   * members only, but who left it asked, too. Rows are the organisation's own all the same.
   */
  private static long person(Connection connection, RequestFilter filter) throws SQLException {
    return filter.person().isEmpty()
        ? 0
        : Rows.first(
                connection,
                "select id from app_user where email = lower(?)",
                RequestLog::id,
                filter.person().get())
            .orElse(0L);
  }

  private static long id(ResultSet row) throws SQLException {
    return row.getLong("id");
  }

  private static List<RequestRow> named(Connection connection, RequestSort sort, List<Long> ids)
      throws SQLException {
    List<RequestRow> rows = new ArrayList<>(ids.size());
    try (PreparedStatement select =
        connection.prepareStatement(RequestSql.NAMED + " order by " + sort.sql())) {
      select.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(RequestSql.read(row));
        }
      }
    }
    return rows;
  }

  /** One beyond the page's limit. */
  private static List<Long> ids(
      Connection connection,
      long orgId,
      long person,
      RequestFilter filter,
      RequestSort sort,
      PageRequest page)
      throws SQLException {
    RequestConditions where = new RequestConditions(orgId, person, filter);
    RequestCursor.after(sort, page).ifPresent(place -> where.add(sort.behind(), place));
    return Rows.list(
        connection,
        "select r.id from request_log r%s order by %s limit ?".formatted(where.sql(), sort.sql()),
        RequestLog::id,
        where.parameters(page.limit() + 1));
  }

  private static List<RequestBar> bars(
      Connection connection, long orgId, long person, RequestFilter filter, int bars)
      throws SQLException {
    Instant from = filter.from().orElseThrow();
    Instant to = filter.to().orElseThrow();
    if (bars < 1 || bars > MAX_BARS) {
      throw RefusedException.invalid("bars", "There are 1 to %d bars.".formatted(MAX_BARS));
    }
    RequestConditions where = new RequestConditions(orgId, person, filter);
    RequestBar[] all = new RequestBar[bars];
    Duration span = Duration.between(from, to);
    for (int i = 0; i < bars; i++) {
      all[i] = new RequestBar(from.plus(span.multipliedBy(i).dividedBy(bars)), 0, 0, 0);
    }
    Rows.list(
        connection,
        "select width_bucket(extract(epoch from r.at), %s, %s, %d) as bar, count(*) as requests,"
                .formatted(seconds(from), seconds(to), bars)
            + " count(*) filter (where r.status >= 400 or r.error_code <> '') as failed,"
            + " max(r.total_micros) as slowest from request_log r"
            + where.sql()
            + " group by 1",
        row -> {
          int bar = Math.clamp(row.getInt("bar") - 1, 0, bars - 1);
          all[bar] =
              new RequestBar(
                  all[bar].from(),
                  row.getLong("requests"),
                  row.getLong("failed"),
                  row.getLong("slowest"));
          return bar;
        },
        where.parameters());
    return List.of(all);
  }

  private static String seconds(Instant time) {
    return "%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }
}
