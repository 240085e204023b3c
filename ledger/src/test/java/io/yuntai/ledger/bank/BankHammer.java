package io.yuntai.ledger.bank;

import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.verify.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * Nodes serve from shared counters on a real PostgreSQL while its processes are killed with SIGKILL
 * and nodes lose their memory. The oracle is what was served.
 */
final class BankHammer {
  private static final int NODES = 4;
  private static final Duration TTL = Duration.ofMinutes(10);
  private static final long MAX_COST = 2_000;

  /** From so many requests on batches are as large as a gateway's, and little is refused. */
  private static final int LONG_RUN = 100_000;

  private static final long STANDS_STILL_NANOS = 300_000_000;

  private final int requests;
  private final long seed;
  private final Map<Long, Long> served = new ConcurrentHashMap<>();
  private final AtomicLong servedRequests = new AtomicLong();
  private final AtomicLong sentAgain = new AtomicLong();
  private final AtomicLong nodesReplaced = new AtomicLong();
  private long backendsKilled;
  private long checkpointersKilled;
  private long connectionsEnded;
  private long backendsStopped;

  BankHammer(int requests, long seed) {
    this.requests = requests;
    this.seed = seed;
  }

  /** What was seen; amounts in nano. */
  record Seen(
      long requests,
      long served,
      long refused,
      long backendsKilled,
      long checkpointersKilled,
      long connectionsEnded,
      long backendsStopped,
      long nodesReplaced,
      long sentAgain,
      long overspent,
      long lost,
      long doubled,
      List<String> faults) {}

  /**
   * {@code BankHammer FOLDER REQUESTS [SEED]}, for {@code bench/money}: lines {@code name=number}.
   */
  public static void main(String[] arguments) throws Exception {
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
    Seen seen = new BankHammer(Integer.parseInt(arguments[1]), seed).run(Path.of(arguments[0]));
    System.out.println("requests=" + seen.requests());
    System.out.println("served=" + seen.served());
    System.out.println("refused=" + seen.refused());
    System.out.println("fault backend killed, all others with it=" + seen.backendsKilled());
    System.out.println(
        "fault checkpointer killed, all backends with it=" + seen.checkpointersKilled());
    System.out.println("fault connection ended by the database=" + seen.connectionsEnded());
    System.out.println("fault backend stood still=" + seen.backendsStopped());
    System.out.println("fault node lost its memory=" + seen.nodesReplaced());
    System.out.println("sent again=" + seen.sentAgain());
    System.out.println("overspent=" + seen.overspent());
    System.out.println("lost=" + seen.lost());
    System.out.println("doubled=" + seen.doubled());
    if (!seen.faults().isEmpty()) {
      System.out.println("seed " + seed + ": " + seen.faults());
      System.exit(1);
    }
    System.exit(0);
  }

  Seen run(Path folder) throws Exception {
    try (TestBooks books = new TestBooks(folder);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      books.execute("alter system set synchronous_commit = on");
      // Else each restart after a kill forces every file of the cluster, which takes seconds.
      books.execute("alter system set recovery_init_sync_method = syncfs");
      books.execute("select pg_reload_conf()");
      long org = books.org(true);
      // Less than is wanted, so that it runs out: by a third, or by three in a hundred.
      long limit = isLong() ? requests * MAX_COST * 97 / 200 : requests * MAX_COST / 3;
      long wallet = books.counter(org, "money", true, limit);
      long key = books.counter(org, "money", false, limit * 2);
      long tokens = books.counter(org, "tokens", false, Long.MAX_VALUE / 4);
      long credit = books.credit(org, "paid", limit);
      List<Future<Long>> nodes = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        nodes.add(
            threads.submit(
                new Serving(books.bank(), "node-" + i, org, List.of(wallet, key, tokens), i)));
      }
      killUntilDone(books, nodes);
      long refused = 0;
      for (Future<Long> node : nodes) {
        refused += node.get();
      }
      long money = served.values().stream().mapToLong(Long::longValue).sum();
      long rows = books.number("select count(*) from usage_rec where org_id = " + org);
      List<String> faults = new ArrayList<>();
      expect(faults, "wallet", limit + " " + money + " 0", eventually(() -> state(books, wallet)));
      expect(faults, "key", limit * 2 + " " + money + " 0", state(books, key));
      expect(
          faults, "tokens", Long.MAX_VALUE / 4 + " " + servedRequests + " 0", state(books, tokens));
      expect(faults, "answers", requests / NODES * NODES, servedRequests.get() + refused);
      expect(faults, "rows", servedRequests.get(), rows);
      expect(faults, "revenue", money, books.transferred(org, "prepaid", "revenue"));
      expect(faults, "credit", limit - money, books.amount(c -> Books.creditLeft(c, org, credit)));
      expect(faults, "quarantine", 0L, books.number("select count(*) from quarantine"));
      Verification.run(books.database().dataSource(), result -> {}).checks().stream()
          .filter(check -> !check.firstBad().isEmpty())
          .forEach(check -> faults.add(check.toString()));
      long settled = Long.parseLong(state(books, wallet).split(" ", -1)[1]);
      return new Seen(
          servedRequests.get() + refused,
          servedRequests.get(),
          refused,
          backendsKilled,
          checkpointersKilled,
          connectionsEnded,
          backendsStopped,
          nodesReplaced.get(),
          sentAgain.get(),
          Math.max(0, settled - limit),
          Math.max(0, servedRequests.get() - rows),
          Math.max(0, rows - servedRequests.get()),
          faults);
    }
  }

  private static void expect(List<String> faults, String what, Object wanted, Object found) {
    if (!String.valueOf(wanted).equals(String.valueOf(found))) {
      faults.add(what + " is " + found + " and not " + wanted);
    }
  }

  private static String state(TestBooks books, long counter) {
    try {
      return books.counterState(counter);
    } catch (SQLException gone) {
      throw new DatabaseException("gone", gone);
    }
  }

  private boolean isLong() {
    return requests >= LONG_RUN;
  }

  /** Something happens to one of PostgreSQL's processes each time when some more were served. */
  private void killUntilDone(TestBooks books, List<Future<Long>> nodes) {
    Random random = new Random(seed);
    int wanted = Math.max(4, requests / 1000);
    long faults = 0;
    while (nodes.stream().anyMatch(node -> !node.isDone())) {
      long due = servedRequests.get() * wanted / requests;
      if (faults < Math.min(wanted, due + 1)) {
        faults += strike(books, random, faults) ? 1 : 0;
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** A kill takes all other backends down, too, so in a long run most faults are others. */
  private boolean strike(TestBooks books, Random random, long number) {
    boolean kill = number < 3 || !isLong() || random.nextInt(5) == 0;
    try {
      if (kill) {
        return kill(books, random.nextInt(4) == 0);
      }
      return random.nextInt(10) == 0 ? standStill(books) : endConnection(books);
    } catch (SQLException restarting) {
      return false;
    }
  }

  private static final String BUSIEST =
      "(select pid from pg_stat_activity where backend_type = 'client backend'"
          + " and pid <> pg_backend_pid() order by state, random() limit 1)";

  private boolean kill(TestBooks books, boolean checkpointer) throws SQLException {
    String found =
        books.text(
            "select "
                + (checkpointer
                    ? "(select pid from pg_stat_activity where backend_type = 'checkpointer')"
                    : BUSIEST));
    boolean killed =
        !found.equals("null")
            && ProcessHandle.of(Long.parseLong(found))
                .map(ProcessHandle::destroyForcibly)
                .orElse(false);
    checkpointersKilled += killed && checkpointer ? 1 : 0;
    backendsKilled += killed && !checkpointer ? 1 : 0;
    return killed;
  }

  private boolean endConnection(TestBooks books) throws SQLException {
    boolean ended = books.text("select pg_terminate_backend(" + BUSIEST + ")").equals("t");
    connectionsEnded += ended ? 1 : 0;
    return ended;
  }

  private boolean standStill(TestBooks books) throws SQLException {
    String found = books.text("select " + BUSIEST);
    if (found.equals("null") || !signal("STOP", found)) {
      return false;
    }
    LockSupport.parkNanos(STANDS_STILL_NANOS);
    signal("CONT", found);
    backendsStopped++;
    return true;
  }

  private static boolean signal(String name, String pid) {
    try {
      return new ProcessBuilder("kill", "-" + name, pid).start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
    private int settleAt = 40;

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
        if (journal.size() >= settleAt) {
          settleSome();
          settleAt = journal.size() + 20 + random.nextInt(isLong() ? 480 : 40);
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
          eventually(() ->
              bank.grant(
                  node, List.of(new Ask(counter, need * (isLong() ? 2000 : 60), need)), TTL));
      eventually(() -> bank.recalled(node));
      got.forEach(grant -> {
        grants.put(counter, grant);
        left.put(counter, grant.granted());
      });
      return !got.isEmpty();
    }

    /** Batches overlap, are sent again, and come in any order. */
    private void settleSome() {
      int some = journal.size() * 5 / 8;
      List<UsageRecord> part = List.copyOf(journal.subList(0, some));
      eventually(() -> bank.settle(part));
      if (random.nextInt(3) == 0) {
        eventually(() -> bank.settle(part.subList(some * 2 / 5, some)));
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
      nodesReplaced.incrementAndGet();
      grants.clear();
      left.clear();
      node = eventually(() -> bank.register(name));
      settleAll();
      eventually(() -> release(bank.inherited(node)));
    }
  }
}
