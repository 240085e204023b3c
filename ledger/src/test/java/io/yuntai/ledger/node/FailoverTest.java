package io.yuntai.ledger.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.FailMode;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.OwnServers;
import io.yuntai.ledger.database.OwnServers.Server;
import io.yuntai.ledger.journal.FolderDisk;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine of the primary PostgreSQL is lost under load, and its standby takes over. */
class FailoverTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CLIENTS = 4;
  private static final int TOKENS = 10;
  private static final long LIMIT = 1_000_000_000;

  @TempDir Path folder;
  @TempDir Path journals;

  @Test
  void aStandbyTakesOverAndNothingIsLostOrDoubled() throws Exception {
    try (OwnServers servers = new OwnServers(folder)) {
      Path copy = servers.copy("standby");
      Files.createFile(copy.resolve("standby.signal"));
      Server primary = servers.start(servers.data(), "synchronous_standby_names=standby");
      Server standby = servers.start(copy, "primary_conninfo=" + primary.connection("standby"));
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> primary.ask("select sync_state from pg_stat_replication").equals("sync"));
      serveWhilePrimaryIsLost(servers.url(primary, standby), primary, standby);
    }
  }

  private void serveWhilePrimaryIsLost(String url, Server primary, Server standby)
      throws Exception {
    try (TestBooks books = new TestBooks(Database.open(DatabaseOptions.external(url)))) {
      long org = books.org(false);
      long counter = books.counter(org, "tokens", false, LIMIT);
      RequestPlan plan = plan(org, counter);
      AtomicLong served = new AtomicLong();
      AtomicBoolean enough = new AtomicBoolean();
      try (Journal journal = journal();
          NodeThreads threads = start(books.bank(), journal);
          ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> asked = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
          asked.add(clients.submit(() -> keepAsking(threads, plan, served, enough)));
        }
        try {
          settledAtLeast(books, org, 100);
          primary.kill();
          standby.ask("select pg_promote()");
          // The same gateway goes on with the same leases, and gets new ones.
          settledAtLeast(books, org, served.get() + 100);
        } finally {
          enough.set(true);
        }
        for (Future<Boolean> one : asked) {
          assertThat(one.get()).isTrue();
        }
      }
      // A lease whose grant was committed while its answer was lost with the primary belongs to
      // this
      // life of the gateway without being known to it; its next life gives it back.
      try (Journal journal = journal();
          NodeThreads _ = start(books.bank(), journal)) {
        await()
            .atMost(LONG)
            .ignoreExceptions()
            .untilAsserted(() ->
                assertThat(books.counterState(counter))
                    .isEqualTo(LIMIT + " " + served.get() * TOKENS + " 0"));
      }
      assertThat(books.number("select count(*) from usage_rec where org_id = " + org))
          .isEqualTo(served.get());
      assertThat(books.number("select count(*) from quarantine")).isZero();
      assertThat(Verification.run(books.database().dataSource(), _ -> {}).checks())
          .allSatisfy(check -> assertThat(check.firstBad()).isEmpty());
    }
  }

  private Journal journal() {
    return Journal.open(FolderDisk.open(journals), JournalSettings.DEFAULT);
  }

  private static NodeThreads start(PostgresBank bank, Journal journal) {
    return NodeThreads.start(
        new GatewayNode(
            bank.register("gateway"),
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

  private static boolean keepAsking(
      NodeThreads threads, RequestPlan plan, AtomicLong served, AtomicBoolean enough)
      throws InterruptedException {
    GatewayNode node = threads.node();
    while (!enough.get()) {
      Outcome outcome =
          threads.decision(node.admit(plan, (unit, output) -> output, TOKENS, TOKENS));
      switch (outcome) {
        case Outcome.Held(var hold) -> {
          OpenRequest request =
              node.begin(plan, "m", ServiceClass.REALTIME, Rates.FREE, node.now(), hold);
          MeteredTokens used = new MeteredTokens(0, 0, 0, TOKENS, 0);
          threads.ended(request.end(UsageStatus.COMPLETED, used));
          served.incrementAndGet();
        }
        case Outcome.Refused _ -> {
          return false; // there is plenty of room: this would be a false refusal
        }
        case Outcome.Unavailable _ -> Thread.onSpinWait();
      }
    }
    return true;
  }

  private static void settledAtLeast(TestBooks books, long org, long rows) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> books.number("select count(*) from usage_rec where org_id = " + org) >= rows);
  }
}
