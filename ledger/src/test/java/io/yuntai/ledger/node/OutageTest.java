package io.yuntai.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.FailMode;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.journal.FolderDisk;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.usage.UsageBy;
import io.yuntai.ledger.usage.UsageReports;
import io.yuntai.ledger.usage.UsageSum;
import io.yuntai.ledger.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway does while a real PostgreSQL stands still, is full, or dies under load. */
class OutageTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int PROMPT = 3;
  private static final int OUTPUT = 7;
  private static final int COST = PROMPT + OUTPUT;

  @TempDir static Path folder;
  @TempDir Path journals;
  private static TestBooks books;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    books.execute("alter system set synchronous_commit = on");
    books.execute("select pg_reload_conf()");
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private NodeThreads start(String name) {
    PostgresBank bank = books.bank();
    Journal journal = Journal.open(FolderDisk.open(journals), JournalSettings.DEFAULT);
    return NodeThreads.start(
        new GatewayNode(
            bank.register(name),
            journal,
            NodeSettings.ALONE,
            System::nanoTime,
            bank.now(),
            new Random()),
        bank);
  }

  private static RequestPlan plan(long org, long counter) {
    PlannedCounter tokens = new PlannedCounter(counter, Unit.TOKENS, Instant.MAX, "tokens");
    return new RequestPlan(org, 0, 0, 0, List.of(tokens), 0, FailMode.CLOSED, Instant.MAX);
  }

  /** Serves a request, or says why not. */
  private static Outcome serve(NodeThreads threads, RequestPlan plan) throws InterruptedException {
    GatewayNode node = threads.node();
    Outcome outcome =
        threads.decision(node.admit(plan, (unit, output) -> PROMPT + output, OUTPUT, OUTPUT));
    if (outcome instanceof Outcome.Held(var hold)) {
      OpenRequest request =
          node.begin(plan, "m", ServiceClass.REALTIME, Rates.FREE, node.now(), hold);
      request.engines().begins("engine");
      request.engines().ended(PROMPT, 0, OUTPUT);
      threads.ended(request.end(UsageStatus.COMPLETED, new MeteredTokens(PROMPT, 0, 0, OUTPUT, 0)));
    }
    return outcome;
  }

  /** All of PostgreSQL's processes, its own parent the first. */
  private static List<ProcessHandle> processes() throws SQLException {
    try (Connection connection = books.database().dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      ProcessHandle parent =
          ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow();
      List<ProcessHandle> all = new ArrayList<>(List.of(parent));
      all.addAll(parent.children().toList());
      return all;
    }
  }

  private static void signal(String signal, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    // Those that have ended meanwhile make it end with 1.
    new ProcessBuilder(command).start().waitFor();
  }

  private static void settledExactly(long org, long counter, long limit, long served) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(books.counterState(counter)).startsWith(limit + " " + served * COST + " "));
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> {
          assertThat(books.number("select count(*) from usage_rec where org_id = " + org))
              .isEqualTo(served);
          assertThat(books.number("select count(*) from engine_receipt where org_id = " + org))
              .isEqualTo(served);
        });
    assertThat(Verification.run(books.database().dataSource(), _ -> {}).checks())
        .allSatisfy(check -> assertThat(check.firstBad()).isEmpty());
  }

  @Test
  void usageIsToBeSeenAfterARequestWithoutAnyFurtherEvent() throws Exception {
    Organisation org = books.organisation();
    long counter = books.counter(org.id(), "tokens", false, 1000);
    UsageReports reports = new UsageReports(new Transactions(books.database().dataSource()));
    try (NodeThreads threads = start("seen")) {
      assertThat(serve(threads, plan(org.id(), counter))).isInstanceOf(Outcome.Held.class);
      Instant now = threads.node().now();
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(reports.sums(org, UsageBy.MODEL, now.minus(LONG), now.plus(LONG)))
                  .extracting(UsageSum::requests, UsageSum::outputTokens)
                  .containsExactly(tuple(1L, (long) OUTPUT)));
    }
  }

  @Test
  void whileItStandsStillWhatIsLeasedIsServedAndNothingMore() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "tokens", false, 1000);
    RequestPlan plan = plan(org, counter);
    long served = 0;
    try (NodeThreads threads = start("slow")) {
      assertThat(serve(threads, plan)).isInstanceOf(Outcome.Held.class);
      served++;
      List<ProcessHandle> processes = processes();
      signal("STOP", processes);
      try {
        Outcome outcome = serve(threads, plan);
        while (outcome instanceof Outcome.Held) {
          served++;
          outcome = serve(threads, plan);
        }
        assertThat(outcome).isEqualTo(new Outcome.Unavailable(false));
        assertThat(served).isLessThanOrEqualTo(1000 / COST);
      } finally {
        signal("CONT", processes);
      }
      // It goes on where it stood, without a restart.
      await().atMost(LONG).until(() -> serve(threads, plan) instanceof Outcome.Held);
      served++;
      settledExactly(org, counter, 1000, served);
    }
  }

  @Test
  void whileItsDiskIsFullRequestsAreServedFromTheJournal() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "tokens", false, 100_000);
    RequestPlan plan = plan(org, counter);
    long served = 0;
    try (NodeThreads threads = start("full")) {
      assertThat(serve(threads, plan)).isInstanceOf(Outcome.Held.class);
      served++;
      // What PostgreSQL answers when it can't extend a file.
      books.execute(
          """
          create function disk_is_full() returns trigger language plpgsql as $$
          begin
            raise exception 'could not extend file: No space left on device' using errcode = '53100';
          end $$;
          create trigger disk_is_full before insert on usage_rec for each row execute function disk_is_full()\
          """);
      try {
        for (int i = 0; i < 50; i++) {
          if (serve(threads, plan) instanceof Outcome.Held) {
            served++;
          }
        }
        assertThat(served).isGreaterThan(1);
        assertThat(threads.node().backlog()).isPositive();
        assertThat(threads.node().takesRequests()).isTrue();
      } finally {
        books.execute("drop trigger disk_is_full on usage_rec; drop function disk_is_full");
      }
      settledExactly(org, counter, 100_000, served);
      assertThat(books.number("select count(*) from quarantine where org_id = " + org)).isZero();
    }
  }

  @Test
  void aRestartUnderLoadLosesAndDoublesNothing() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "tokens", false, 1_000_000);
    RequestPlan plan = plan(org, counter);
    AtomicLong served = new AtomicLong();
    try (NodeThreads threads = start("restarted");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> asked = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        asked.add(
            clients.submit(() -> {
              for (int i = 0; i < 60; i++) {
                if (serve(threads, plan) instanceof Outcome.Held) {
                  served.incrementAndGet();
                }
              }
              return true;
            }));
      }
      await().atMost(LONG).until(() -> served.get() > 40);
      processes().getFirst().destroyForcibly();
      for (Future<Boolean> one : asked) {
        assertThat(one.get()).isTrue();
      }
      settledExactly(org, counter, 1_000_000, served.get());
    }
  }

  @Test
  void anOrganisationThatFailsOpenIsServedFromWhatWasSetAside() throws Exception {
    long org = books.org(false);
    books.execute("update org set fail_mode = 'open' where id = " + org);
    long counter = books.counter(org, "tokens", false, 2000);
    RequestPlan plan = plan(org, counter);
    long served = 0;
    try (NodeThreads threads = start("open")) {
      assertThat(serve(threads, plan)).isInstanceOf(Outcome.Held.class);
      served++;
      assertThat(
              books.number(
                  "select min(extract(epoch from expires_at - clock_timestamp()))::int from lease"
                      + " where not closed and counter_id = "
                      + counter))
          .isBetween(3000L, 3600L);
      List<ProcessHandle> processes = processes();
      signal("STOP", processes);
      try {
        while (serve(threads, plan) instanceof Outcome.Held) {
          served++;
        }
      } finally {
        signal("CONT", processes);
      }
      // A tenth of the limit at least, and never more than there is.
      assertThat(served).isBetween(2000L / 10 / COST, 2000L / COST);
      settledExactly(org, counter, 2000, served);
    }
  }
}
