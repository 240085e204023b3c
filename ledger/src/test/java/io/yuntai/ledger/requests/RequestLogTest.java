package io.yuntai.ledger.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest.Asked;
import io.yuntai.ledger.requests.LoggedRequest.Asker;
import io.yuntai.ledger.requests.LoggedRequest.Attempt;
import io.yuntai.ledger.requests.LoggedRequest.Cost;
import io.yuntai.ledger.requests.LoggedRequest.Outcome;
import io.yuntai.ledger.requests.LoggedRequest.Served;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLogTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir static Path folder;
  private static TestBooks books;
  private static RequestLog log;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    log = new RequestLog(new Transactions(books.database().dataSource()));
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static LoggedRequest request(long org, Instant at, String model, int status) {
    return new LoggedRequest(
        "req_" + NUMBER.incrementAndGet(),
        at,
        new Asker(org, 0, 0, 0, "curl/8"),
        new Asked("openai", "chat", model, true, ""),
        new Served("tiny", "fast", "b/tiny", List.of(new Attempt("a/tiny", "timeout", 7_000_000))),
        new Stages(90, 800, 40, Stages.NONE, 120_000, 130_000, 900_000, 600, 1_100_000),
        new MeteredTokens(10, 20, 0, 30, 4),
        new Outcome(status, status < 400 ? "" : "model_not_found", status < 400 ? "stop" : ""),
        new Cost(new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L), 0, 1_234, 567));
  }

  @Test
  void aRowTellsAllThatWasWritten() throws Exception {
    Organisation org = books.organisation();
    LoggedRequest written = request(org.id(), NOON, "m", 200);
    log.write(List.of(written));
    RequestRow row = log.find(org, written.requestId()).orElseThrow();
    assertThat(row.request()).isEqualTo(written);
    assertThat(row.tenant()).isEqualTo(org.name());
    assertThat(row.currency()).isEqualTo(org.currency());
    assertThat(row.amount().toPlainString()).isEqualTo("0.000001234567");
    assertThat(row.entry()).isEmpty();
    assertThat(log.find(written.requestId())).contains(row);
  }

  @Test
  void aTenantSeesItsOwnRowsAndTheOperatorThoseOfNobodyToo() throws Exception {
    Organisation ours = books.organisation();
    Organisation theirs = books.organisation();
    LoggedRequest own = request(ours.id(), NOON, "m", 200);
    LoggedRequest other = request(theirs.id(), NOON, "m", 200);
    LoggedRequest nobodys = request(0, NOON.plusSeconds(1), "", 401);
    log.write(List.of(own, other, nobodys));
    PageRequest page = PageRequest.first(1000);
    assertThat(log.of(ours, RequestFilter.ALL, page).items())
        .extracting(row -> row.request().requestId())
        .containsExactly(own.requestId());
    assertThat(log.find(ours, other.requestId())).isEmpty();
    assertThat(log.find(ours, nobodys.requestId())).isEmpty();
    assertThat(log.all(RequestFilter.ALL, page).items())
        .extracting(row -> row.request().requestId())
        .contains(own.requestId(), other.requestId(), nobodys.requestId());
    assertThat(log.find(nobodys.requestId()).orElseThrow().tenant()).isEmpty();
  }

  @Test
  void pagesHoldEachRowOnceTheNewestFirstEvenOfOneInstant() throws Exception {
    Organisation org = books.organisation();
    List<LoggedRequest> written = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      written.add(request(org.id(), NOON.plusMillis(i / 5), "m", 200));
    }
    log.write(written);
    List<String> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<RequestRow> page = log.of(org, RequestFilter.ALL, new PageRequest(cursor, 7));
      page.items().forEach(row -> seen.add(row.request().requestId()));
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(seen)
        .containsExactlyElementsOf(
            written.reversed().stream().map(LoggedRequest::requestId).toList());
    assertThatThrownBy(
            () -> log.of(org, RequestFilter.ALL, new PageRequest(Optional.of("x' or 1"), 7)))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void inEachOrderPagesHoldEachRowOnceAndAnIndexLeadsThere() throws Exception {
    Organisation org = books.organisation();
    List<LoggedRequest> written = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      written.add(varied(org.id(), i));
    }
    log.write(written);
    for (String name : RequestSort.names()) {
      List<RequestRow> falling = inPages(org, RequestSort.of("-" + name).orElseThrow());
      List<RequestRow> rising = inPages(org, RequestSort.of(name).orElseThrow());
      assertThat(falling).as(name).hasSize(23).doesNotHaveDuplicates();
      assertThat(rising).as(name).isEqualTo(falling.reversed());
      RequestSort sort = RequestSort.of(name).orElseThrow();
      assertThat(rising)
          .as(name)
          .isSortedAccordingTo((one, other) -> compare(sort.place(one), sort.place(other)));
      assertThat(plan(sort)).as(name).contains("Index").doesNotContain("Sort");
    }
    assertThat(RequestSort.of("model")).isEmpty();
    assertThatThrownBy(() ->
            log.of(
                org,
                RequestFilter.ALL,
                RequestSort.of("amount").orElseThrow(),
                new PageRequest(Optional.of("total_micros.7.7"), 7)))
        .as("the cursor of another order")
        .isInstanceOf(RefusedException.class);
  }

  /** Many are alike in each thing that they are sorted by. */
  private static LoggedRequest varied(long org, int i) {
    return new LoggedRequest(
        "req_" + NUMBER.incrementAndGet(),
        NOON.plusSeconds(i % 5),
        new Asker(org, 0, 0, 0, ""),
        new Asked("openai", "chat", "m", true, ""),
        Served.NONE,
        new Stages(1, 1, 1, 1, 1, i % 4 == 0 ? Stages.NONE : i % 7, 1, 1, i % 6),
        new MeteredTokens(i % 3, i % 2, 1, i % 5, i % 4),
        new Outcome(200, "", "stop"),
        new Cost(new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L), 0, i % 3, i % 2));
  }

  /** How the database would read the first page, were the table large. */
  private static String plan(RequestSort sort) throws Exception {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = books.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set local enable_seqscan = off");
      statement.execute("set local enable_sort = off");
      try (ResultSet line =
          statement.executeQuery(
              "explain select r.id from request_log r order by " + sort.sql() + " limit 5")) {
        while (line.next()) {
          plan.append(line.getString(1)).append('\n');
        }
      }
      connection.rollback();
    }
    return plan.toString();
  }

  private static List<RequestRow> inPages(Organisation org, RequestSort sort) {
    List<RequestRow> seen = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<RequestRow> page = log.of(org, RequestFilter.ALL, sort, new PageRequest(cursor, 4));
      seen.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return seen;
  }

  private static int compare(List<Long> one, List<Long> other) {
    for (int i = 0; i < one.size(); i++) {
      int order = Long.compare(one.get(i), other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Test
  void aRowThatIsOnItsWayIsWaitedForAndNoLongerThanIsSaid() throws Exception {
    Organisation org = books.organisation();
    LoggedRequest late = request(org.id(), NOON, "m", 200);
    AtomicInteger looks = new AtomicInteger();
    assertThat(RequestLog.soon(Duration.ZERO, () -> looked(looks, late))).isEmpty();
    assertThat(looks).hasValue(1);
    assertThat(
            RequestLog.soon(
                Duration.ofMinutes(1),
                () -> {
                  if (looks.get() == 3) {
                    log.write(List.of(late));
                  }
                  return looked(looks, late);
                }))
        .isPresent();
    assertThat(looks).hasValue(4);
  }

  private static Optional<RequestRow> looked(AtomicInteger looks, LoggedRequest request) {
    looks.incrementAndGet();
    return log.find(request.requestId());
  }

  @Test
  void eachFilterFindsWhatItSays() throws Exception {
    Organisation org = books.organisation();
    LoggedRequest early = request(org.id(), NOON.minusSeconds(100), "a", 200);
    LoggedRequest failed = request(org.id(), NOON, "b", 404);
    LoggedRequest late = request(org.id(), NOON.plusSeconds(100), "a", 200);
    log.write(List.of(early, failed, late));
    assertThat(found(org, RequestFilter.between(NOON, NOON.plusSeconds(100))))
        .containsExactly(failed);
    RequestFilter none = RequestFilter.ALL;
    assertThat(found(org, with(none, Optional.of("a"), OptionalInt.empty(), Optional.empty())))
        .containsExactly(late, early);
    assertThat(found(org, with(none, Optional.of("tiny"), OptionalInt.empty(), Optional.empty())))
        .hasSize(3);
    assertThat(found(org, with(none, Optional.empty(), OptionalInt.of(404), Optional.empty())))
        .containsExactly(failed);
    assertThat(found(org, with(none, Optional.empty(), OptionalInt.empty(), Optional.of(false))))
        .containsExactly(late, early);
    RequestFilter everything =
        new RequestFilter(
            Optional.of(NOON.minusSeconds(1000)),
            Optional.of(NOON.plusSeconds(1000)),
            Optional.of("nothing-of-this-name"),
            Optional.of("no-key"),
            Optional.of("nobody@example.org"),
            Optional.of("a"),
            Optional.of("openai"),
            OptionalInt.of(200),
            Optional.of(false),
            Optional.of("x"),
            Optional.of(true),
            OptionalLong.of(1));
    assertThat(found(org, everything)).isEmpty();
    assertThat(log.all(everything, PageRequest.first(5)).items()).isEmpty();
  }

  private static RequestFilter with(
      RequestFilter other, Optional<String> model, OptionalInt status, Optional<Boolean> failed) {
    return new RequestFilter(
        other.from(),
        other.to(),
        other.project(),
        other.key(),
        other.person(),
        model,
        other.dialect(),
        status,
        failed,
        other.errorCode(),
        other.streamed(),
        other.slowerThanMicros());
  }

  private static List<LoggedRequest> found(Organisation org, RequestFilter filter) {
    return log.of(org, filter, PageRequest.first(100)).items().stream()
        .map(RequestRow::request)
        .toList();
  }

  @Test
  void barsCountWhatCameInEachPieceOfTime() throws Exception {
    Organisation org = books.organisation();
    log.write(
        List.of(
            request(org.id(), NOON, "a", 200),
            request(org.id(), NOON.plusSeconds(1), "a", 500),
            request(org.id(), NOON.plusSeconds(35), "a", 200),
            request(org.id(), NOON.plusSeconds(40), "a", 200)));
    List<RequestBar> bars =
        log.bars(org, RequestFilter.between(NOON, NOON.plus(Duration.ofSeconds(40))), 4);
    assertThat(bars).extracting(RequestBar::requests).containsExactly(2L, 0L, 0L, 1L);
    assertThat(bars).extracting(RequestBar::failed).containsExactly(1L, 0L, 0L, 0L);
    assertThat(bars.get(1).from()).isEqualTo(NOON.plusSeconds(10));
    assertThat(bars.getFirst().slowestMicros()).isEqualTo(1_100_000);
  }

  @Test
  void aBatchThatIsWrittenTwiceIsThereOnceAndHostileTextsDoNoHarm() throws Exception {
    Organisation org = books.organisation();
    LoggedRequest hostile =
        new LoggedRequest(
            "req_" + NUMBER.incrementAndGet(),
            NOON.plus(1, ChronoUnit.MICROS),
            new Asker(org.id(), 0, 0, 0, "\u0000\u202e" + "x".repeat(5000)),
            new Asked("openai", "chat", "'; drop table request_log; --\u0000", false, ""),
            Served.NONE,
            new Stages(-1, -1, -1, -1, -1, -1, -1, -1, 5),
            MeteredTokens.NONE,
            new Outcome(400, "x".repeat(200), ""),
            Cost.NONE);
    log.write(List.of(hostile));
    log.write(List.of(hostile, hostile));
    List<LoggedRequest> rows = found(org, RequestFilter.ALL);
    assertThat(rows).containsExactly(hostile);
    assertThat(rows.getFirst().asker().client()).startsWith("??xxx").hasSize(200);
  }

  @Test
  void oldRowsGoAndYoungOnesStay() throws Exception {
    Organisation org = books.organisation();
    LoggedRequest old = request(org.id(), Instant.parse("2001-01-01T00:00:00Z"), "m", 200);
    LoggedRequest young = request(org.id(), NOON, "m", 200);
    log.write(List.of(old, young));
    assertThat(log.deleteBefore(Instant.parse("2002-01-01T00:00:00Z"))).isEqualTo(1);
    assertThat(found(org, RequestFilter.ALL)).containsExactly(young);
  }
}
