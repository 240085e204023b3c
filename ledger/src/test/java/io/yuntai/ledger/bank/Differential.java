package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Does the same random things to PostgreSQL's bank and to the model, and says where their states
 * differ. Leases are numbered by each bank for itself; times are not compared, since each has a
 * clock of its own.
 */
final class Differential {
  private static final int ORGS = 3;
  private static final Duration TTL = Duration.ofHours(1);

  private final Random random;
  private final TestBooks books;
  private final PostgresBank real;
  private final ModelBank model;
  private final List<Long> orgs = new ArrayList<>();
  private final List<Long> counters = new ArrayList<>();
  private final Map<Long, List<Long>> credits = new HashMap<>();
  private final Map<String, Node[]> nodes = new HashMap<>();

  /** Leases in the order of their grants: the real number and the model's. */
  private final List<long[]> leases = new ArrayList<>();

  private final List<UsageRecord[]> sent = new ArrayList<>();
  private int quarantinedBefore;

  Differential(long seed, TestBooks books, BankSql sql) throws Exception {
    this.random = new Random(seed);
    this.books = books;
    this.real = books.bank(sql);
    this.model = new ModelBank(Instant::now, TestBooks.OPTIONS);
    this.quarantinedBefore = (int) books.number("select count(*) from quarantine");
    // Nodes of other runs would have a share in what is left.
    books.execute("update node set seen_at = seen_at - interval '10 days'");
    for (int i = 0; i < ORGS; i++) {
      addOrg(i == 0);
    }
    for (String name : List.of("north", "south")) {
      register(name);
    }
  }

  private void addOrg(boolean prepaid) throws Exception {
    long org = books.org(prepaid);
    orgs.add(org);
    model.org(org, prepaid);
    long credit = 0;
    credits.put(org, new ArrayList<>());
    for (String kind : List.of("promo", "paid", "free")) {
      long amount = random.nextLong(1, 20_000);
      long id = books.credit(org, kind, amount);
      model.credit(org, id, kind, amount);
      credits.get(org).add(id);
      credit += amount;
    }
    addCounter(org, "money", prepaid, credit);
    addCounter(org, "money", false, random.nextInt(30_000));
    addCounter(org, "tokens", false, random.nextInt(5_000));
  }

  private void addCounter(long org, String unit, boolean wallet, long limit) throws Exception {
    long id = books.counter(org, unit, wallet, limit);
    counters.add(id);
    model.counter(id, org, unit, wallet, null, null, limit);
  }

  private void register(String name) {
    String own = name + System.identityHashCode(this);
    nodes.put(name, new Node[] {real.register(own), model.register(own)});
  }

  /** Runs so many steps; returns what differs then, empty for nothing. */
  String run(int steps) throws Exception {
    for (int step = 0; step < steps; step++) {
      String difference = step();
      if (!difference.isEmpty()) {
        return "step " + step + ": " + difference;
      }
    }
    return states();
  }

  private String step() throws Exception {
    Node[] node = random.nextBoolean() ? nodes("north") : nodes("south");
    return switch (random.nextInt(20)) {
      case 0 -> {
        register(random.nextBoolean() ? "north" : "south");
        yield "";
      }
      case 1, 2 -> release(node);
      case 3 -> shrink(node);
      case 4 -> limit();
      case 5 -> recalled(node);
      case 6 -> reap();
      case 7 -> fenced();
      case 8, 9, 10, 11, 12 -> grant(node);
      default -> settle();
    };
  }

  private Node[] nodes(String name) {
    return Objects.requireNonNull(nodes.get(name));
  }

  private String grant(Node[] node) {
    List<Ask> asks = new ArrayList<>();
    for (long counter : counters) {
      if (random.nextInt(3) == 0) {
        long least = random.nextLong(1, 400);
        long needed = least + random.nextInt(200);
        asks.add(new Ask(counter, needed + random.nextInt(3000), least, needed));
      }
    }
    List<Grant> ours = real.grant(node[0], asks, TTL);
    List<Grant> theirs = model.grant(node[1], asks, TTL);
    Map<Long, Grant> byCounter = new HashMap<>();
    ours.forEach(grant -> byCounter.put(grant.counterId(), grant));
    if (ours.size() != theirs.size()) {
      return asks + " gave " + ours + " and in the model " + theirs;
    }
    for (Grant grant : theirs) {
      Grant same = byCounter.get(grant.counterId());
      if (same == null || same.granted() != grant.granted()) {
        return grant + " in the model, but " + same;
      }
      leases.add(new long[] {same.leaseId(), grant.leaseId()});
    }
    return "";
  }

  private String settle() {
    List<UsageRecord> ours = new ArrayList<>();
    List<UsageRecord> theirs = new ArrayList<>();
    int size = 1 + random.nextInt(6);
    for (int i = 0; i < size; i++) {
      UsageRecord[] record;
      if (!sent.isEmpty() && random.nextInt(4) == 0) {
        record = sent.get(random.nextInt(sent.size()));
        if (random.nextInt(4) == 0) {
          record = new UsageRecord[] {costing(record[0], 3), costing(record[1], 3)};
        }
      } else {
        record = newRecord();
        sent.add(record);
      }
      UUID id = record[0].requestId();
      if (ours.stream().noneMatch(r -> r.requestId().equals(id))) {
        ours.add(record[0]);
        theirs.add(record[1]);
      }
    }
    Settled real = this.real.settle(ours);
    Settled model = this.model.settle(theirs);
    if (!new TreeSet<>(real.fresh()).equals(new TreeSet<>(model.fresh()))
        || !new TreeSet<>(real.known()).equals(new TreeSet<>(model.known()))
        || !new TreeSet<>(real.quarantined()).equals(new TreeSet<>(model.quarantined()))) {
      return "settled " + real + " and in the model " + model;
    }
    return "";
  }

  private static UsageRecord costing(UsageRecord r, long more) {
    return new UsageRecord(
        r.requestId(),
        r.orgId(),
        r.projectId(),
        r.userId(),
        r.keyId(),
        r.at(),
        r.model(),
        r.rateCardId(),
        r.serviceClass(),
        r.tokens(),
        r.amountNano() + more,
        r.residuePico(),
        r.status(),
        r.draws());
  }

  /** The same request for both banks, which number their leases differently. */
  private UsageRecord[] newRecord() {
    long org = orgs.get(random.nextInt(orgs.size()));
    long amount = random.nextInt(5) == 0 ? 0 : random.nextInt(900);
    List<Draw> ours = new ArrayList<>();
    List<Draw> theirs = new ArrayList<>();
    for (int i = leases.size() - 1; i >= 0 && ours.size() < 3; i--) {
      long[] lease = leases.get(i);
      ModelCounter counter = model.lease(lease[1]).counter;
      if ((counter.org == org || random.nextInt(150) == 0)
          && ours.stream().noneMatch(draw -> draw.counterId() == counter.id)
          && random.nextInt(3) > 0) {
        long draw = counter.unit.equals("money") ? amount : random.nextInt(200);
        draw += random.nextInt(60) == 0 ? 1 : 0;
        ours.add(new Draw(lease[0], counter.id, draw));
        theirs.add(new Draw(lease[1], counter.id, draw));
      }
    }
    UUID id =
        random.nextInt(100) == 0 ? new UUID(random.nextLong(), random.nextLong()) : TestBooks.id();
    Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
    long user = random.nextInt(9);
    UsageRecord[] both = new UsageRecord[2];
    for (int i = 0; i < 2; i++) {
      both[i] =
          new UsageRecord(
              id,
              org,
              0,
              user,
              0,
              at,
              "model",
              0,
              ServiceClass.BATCH,
              new MeteredTokens(1, 2, 3, 4, 5),
              amount,
              9,
              UsageStatus.CANCELLED,
              i == 0 ? ours : theirs);
    }
    return both;
  }

  private String release(Node[] node) {
    List<Long> ours = new ArrayList<>();
    List<Long> theirs = new ArrayList<>();
    for (long[] lease : leases) {
      if (random.nextInt(6) == 0) {
        ours.add(lease[0]);
        theirs.add(lease[1]);
      }
    }
    real.release(node[0], ours);
    model.release(node[1], theirs);
    return "";
  }

  private String shrink(Node[] node) {
    List<Draw> ours = new ArrayList<>();
    List<Draw> theirs = new ArrayList<>();
    for (long[] lease : leases) {
      if (random.nextInt(5) == 0) {
        long kept = random.nextInt(500);
        ours.add(new Draw(lease[0], 0, kept));
        theirs.add(new Draw(lease[1], 0, kept));
      }
    }
    real.shrink(node[0], ours);
    model.shrink(node[1], theirs);
    return "";
  }

  private String limit() throws Exception {
    long counter = counters.get(random.nextInt(counters.size()));
    long limit = random.nextInt(random.nextBoolean() ? 3_000 : 40_000);
    books.in(connection -> {
      Counters.limit(connection, counter, limit);
      return true;
    });
    model.limit(counter, limit);
    return "";
  }

  private String recalled(Node[] node) {
    TreeSet<Integer> ours = new TreeSet<>();
    TreeSet<Integer> theirs = new TreeSet<>();
    List<Long> inReal = real.recalled(node[0]);
    List<Long> inModel = model.recalled(node[1]);
    for (int i = 0; i < leases.size(); i++) {
      if (inReal.contains(leases.get(i)[0])) {
        ours.add(i);
      }
      if (inModel.contains(leases.get(i)[1])) {
        theirs.add(i);
      }
    }
    return ours.equals(theirs) ? "" : "recalled " + ours + " and in the model " + theirs;
  }

  /** Some leases expire in both worlds, and are reaped. */
  private String reap() throws Exception {
    StringBuilder ids = new StringBuilder("0");
    for (long[] lease : leases) {
      if (random.nextInt(4) == 0) {
        ids.append(',').append(lease[0]);
        model.lease(lease[1]).expires = Instant.EPOCH;
      }
    }
    books.execute("update lease set expires_at = timestamptz 'epoch' where id in (" + ids + ")");
    int ours = real.reap();
    int theirs = model.reap();
    return ours == theirs ? "" : "reaped " + ours + " and in the model " + theirs;
  }

  private String fenced() {
    Node[] node = nodes("north");
    Node old = new Node(node[0].id(), node[0].epoch() - 1);
    try {
      real.grant(old, List.of(new Ask(counters.getFirst(), 1, 1)), TTL);
      return "an older epoch got a lease";
    } catch (FencedException expected) {
      return "";
    }
  }

  /** What differs between the rows and the model. */
  String states() throws Exception {
    for (long id : counters) {
      ModelCounter c = model.counter(id);
      String theirs = c.limit + " " + c.settled + " " + c.leased;
      String ours = books.counterState(id);
      if (!ours.equals(theirs)) {
        return "counter " + id + " is " + ours + ", in the model " + theirs;
      }
      long late =
          books.number("select coalesce(sum(late), 0) from counter_entry where counter_id = " + id);
      if (late != c.late) {
        return "late on counter " + id + ": " + late + ", in the model " + c.late;
      }
    }
    for (long org : orgs) {
      for (AccountKind kind : AccountKind.values()) {
        long ours =
            kind == AccountKind.REVENUE ? 0 : books.transferred(org, kind.text(), "revenue");
        if (ours != model.booked(org, kind)) {
          return kind + " of " + org + ": " + ours + ", in the model " + model.booked(org, kind);
        }
      }
      for (long credit : Objects.requireNonNull(credits.get(org))) {
        long ours = books.number("select used_nano from credit_used where grant_id = " + credit);
        if (ours != model.creditUsed(org, credit)) {
          return "credit "
              + credit
              + ": "
              + ours
              + ", in the model "
              + model.creditUsed(org, credit);
        }
      }
      long rows = books.number("select count(*) from usage_rec where org_id = " + org);
      long theirs = model.usage().values().stream().filter(r -> r.orgId() == org).count();
      if (rows != theirs) {
        return rows + " usage rows of " + org + ", in the model " + theirs;
      }
    }
    long quarantined = books.number("select count(*) from quarantine") - quarantinedBefore;
    return quarantined == model.quarantined()
        ? ""
        : quarantined + " quarantined, in the model " + model.quarantined();
  }
}
