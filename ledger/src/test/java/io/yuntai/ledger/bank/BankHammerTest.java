package io.yuntai.ledger.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes serve from shared counters on a real PostgreSQL while its processes are killed with SIGKILL
 * and nodes lose their memory. The oracle is what was served. The long form: {@code
 * -Dtest=BankHammerTest -Dyuntai.hammer.requests=1000000}.
 */
class BankHammerTest {
  private static final int NODES = 4;
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final long MAX_COST = 2_000;

  @TempDir Path folder;

  private final int requests = Integer.getInteger("yuntai.hammer.requests", 6_000);
  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());
  private final Map<Long, Long> served = new ConcurrentHashMap<>();
  private final AtomicLong servedRequests = new AtomicLong();
  private final AtomicLong sentAgain = new AtomicLong();

  @Test
  void nothingIsOverspentLostOrCountedTwice() throws Exception {
    try (TestBooks books = new TestBooks(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      books.execute("alter system set synchronous_commit = on");
      books.execute("select pg_reload_conf()");
      long org = books.org(true);
      // About two thirds of what is wanted, so that it runs out.
      long limit = requests * MAX_COST / 3;
      long wallet = books.counter(org, "money", true, limit);
      long key = books.counter(org, "money", false, limit * 2);
      long tokens = books.counter(org, "tokens", false, Long.MAX_VALUE / 4);
      long credit = books.credit(org, "paid", limit);
      List<Future<Long>> nodes = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        Serving serving =
            new Serving(books.bank(), "node-" + i, org, List.of(wallet, key, tokens), i);
        nodes.add(threads.submit(serving));
      }
      long kills = killUntilDone(books, nodes);
      long refused = 0;
      for (Future<Long> node : nodes) {
        refused += node.get();
      }
      String what = "seed %d: %d kills, %d sent again".formatted(seed, kills, sentAgain.get());
      assertThat(kills).as(what).isPositive();
      long money = served.values().stream().mapToLong(Long::longValue).sum();
      assertThat(servedRequests.get() + refused).as(what).isEqualTo(requests);
      assertThat(eventually(() -> state(books, wallet)))
          .as(what)
          .isEqualTo(limit + " " + money + " 0");
      assertThat(state(books, key)).as(what).isEqualTo(limit * 2 + " " + money + " 0");
      assertThat(state(books, tokens)).as(what).endsWith(" " + servedRequests.get() + " 0");
      assertThat(books.number("select count(*) from usage_rec where org_id = " + org))
          .as(what)
          .isEqualTo(servedRequests.get());
      assertThat(books.transferred(org, "prepaid", "revenue")).as(what).isEqualTo(money);
      assertThat(books.amount(c -> Books.creditLeft(c, org, credit)))
          .as(what)
          .isEqualTo(limit - money);
      assertThat(books.number("select count(*) from quarantine")).as(what).isZero();
      assertThat(Verification.run(books.database().dataSource(), result -> {}).checks())
          .as(what)
          .allSatisfy(check -> assertThat(check.firstBad()).isEmpty());
    }
  }

  private static String state(TestBooks books, long counter) {
    try {
      return books.counterState(counter);
    } catch (SQLException gone) {
      throw new DatabaseException("gone", gone);
    }
  }

  /** Kills one of PostgreSQL's processes each time when some more requests were served. */
  private long killUntilDone(TestBooks books, List<Future<Long>> nodes) {
    Random random = new Random(seed);
    int wanted = Math.max(4, requests / 1000);
    long kills = 0;
    while (nodes.stream().anyMatch(node -> !node.isDone())) {
      long due = servedRequests.get() * wanted / requests;
      if (kills < Math.min(wanted, due + 1)) {
        kills += kill(books, random) ? 1 : 0;
      }
      LockSupport.parkNanos(20_000_000);
    }
    return kills;
  }

  private static boolean kill(TestBooks books, Random random) {
    try {
      String pid =
          random.nextInt(4) == 0
              ? "(select pid from pg_stat_activity where backend_type = 'checkpointer')"
              : "(select pid from pg_stat_activity where backend_type = 'client backend'"
                  + " and pid <> pg_backend_pid() order by state, random() limit 1)";
      String found = books.text("select " + pid);
      return !found.equals("null")
          && ProcessHandle.of(Long.parseLong(found))
              .map(ProcessHandle::destroyForcibly)
              .orElse(false);
    } catch (SQLException restarting) {
      return false;
    }
  }

  private <T> T eventually(Supplier<T> work) {
    while (true) {
      try {
        return work.get();
      } catch (DatabaseException unclear) {
        sentAgain.incrementAndGet();
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /** A node that now and then forgets all but its journal. Its result is how many it refused. */
  private final class Serving implements Callable<Long> {
    private final Bank bank;
    private final String name;
    private final long org;
    private final List<Long> counters;
    private final Random random;

    /** What was served and is not known to be settled: it survives the node. */
    private final List<UsageRecord> journal = new ArrayList<>();

    private final Map<Long, Grant> grants = new HashMap<>();
    private final Map<Long, Long> left = new HashMap<>();
    private Node node;

    Serving(Bank bank, String name, long org, List<Long> counters, int number) {
      this.bank = bank;
      this.name = name;
      this.org = org;
      this.counters = counters;
      this.random = new Random(seed + number + 1);
      this.node = eventually(() -> bank.register(name));
    }

    @Override
    public Long call() {
      long refused = 0;
      for (int i = 0; i < requests / NODES; i++) {
        long cost = random.nextLong(1, MAX_COST);
        refused += serve(cost) ? 0 : 1;
        if (journal.size() >= 40) {
          settleSome();
        }
        if (random.nextInt(400) == 0) {
          beginAgain();
        }
      }
      beginAgain();
      return refused;
    }

    private boolean serve(long cost) {
      List<Draw> draws = new ArrayList<>();
      for (int i = 0; i < counters.size(); i++) {
        long need = i < 2 ? cost : 1;
        long counter = counters.get(i);
        if (left.getOrDefault(counter, 0L) < need && !lease(counter, need)) {
          return false;
        }
        Grant grant = grants.get(counter);
        draws.add(new Draw(grant == null ? 0 : grant.leaseId(), counter, need));
      }
      draws.forEach(draw -> left.merge(draw.counterId(), -draw.amount(), Long::sum));
      journal.add(TestBooks.usage(org, TestBooks.id(), cost, draws.toArray(Draw[]::new)));
      served.merge((long) name.hashCode(), cost, Long::sum);
      servedRequests.incrementAndGet();
      return true;
    }

    /** Another lease in the place of the one that is used up. */
    private boolean lease(long counter, long need) {
      Grant old = grants.remove(counter);
      left.remove(counter);
      if (old != null) {
        settleAll();
        eventually(() -> release(List.of(old.leaseId())));
      }
      List<Grant> got =
          eventually(() -> bank.grant(node, List.of(new Ask(counter, need * 60, need)), TTL));
      eventually(() -> bank.recalled(node));
      got.forEach(grant -> {
        grants.put(counter, grant);
        left.put(counter, grant.granted());
      });
      return !got.isEmpty();
    }

    /** Batches overlap, are sent again, and come in any order. */
    private void settleSome() {
      List<UsageRecord> part = List.copyOf(journal.subList(0, 25));
      eventually(() -> bank.settle(part));
      if (random.nextInt(3) == 0) {
        eventually(() -> bank.settle(part.subList(10, 25)));
      }
      if (random.nextInt(3) > 0) {
        settleAll();
      }
    }

    private void settleAll() {
      if (!journal.isEmpty()) {
        List<UsageRecord> all = List.copyOf(journal);
        eventually(() -> bank.settle(all));
        journal.clear();
      }
    }

    private boolean release(List<Long> leases) {
      bank.release(node, leases);
      return true;
    }

    /** As after a crash: only the journal is left. */
    private void beginAgain() {
      grants.clear();
      left.clear();
      node = eventually(() -> bank.register(name));
      settleAll();
      eventually(() -> release(bank.inherited(node)));
    }
  }
}
