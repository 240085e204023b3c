package io.yuntai.ledger.bank;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a bank must do, as plainly as it can be said: no tables, no locks, one record after the
 * other. The differential test holds PostgreSQL's bank against it; simulations use it as their
 * bank. For one thread.
 */
public final class ModelBank implements Bank {
  private static final List<String> CREDIT_ORDER = List.of("free", "plan", "promo", "paid");

  /** Credit of an organisation. */
  public static final class Credit {
    public final long id;
    public final String kind;
    public final long amount;
    public long used;

    Credit(long id, String kind, long amount) {
      this.id = id;
      this.kind = kind;
      this.amount = amount;
    }
  }

  private static final class Org {
    final boolean prepaid;
    final List<Credit> credits = new ArrayList<>();
    final Map<String, Long> booked = new TreeMap<>();

    Org(boolean prepaid) {
      this.prepaid = prepaid;
    }
  }

  private static final class Life {
    final int id;
    long epoch;
    Instant seen;

    Life(int id, Instant seen) {
      this.id = id;
      this.seen = seen;
    }
  }

  private final InstantSource clock;
  private final BankOptions options;
  private final Map<Long, Org> orgs = new HashMap<>();
  private final Map<Long, ModelCounter> counters = new TreeMap<>();
  private final Map<Long, ModelLease> leases = new HashMap<>();

  /** Those that are not closed, by their ids. */
  private final Map<Long, ModelLease> open = new TreeMap<>();

  /** Those that something happened to since {@link #takeTouched}. */
  private final Set<ModelLease> touched = new LinkedHashSet<>();

  private final Map<String, Life> nodes = new HashMap<>();
  private final Map<UUID, UsageRecord> usage = new HashMap<>();
  private final Map<UUID, EngineReceipt> receipts = new HashMap<>();
  private final Set<String> quarantine = new HashSet<>();
  private long nextLease = 1;

  /** An empty bank with this clock. */
  public ModelBank(InstantSource clock, BankOptions options) {
    this.clock = clock;
    this.options = options;
  }

  public void org(long id, boolean prepaid) {
    orgs.put(id, new Org(prepaid));
  }

  public void counter(
      long id,
      long org,
      String unit,
      boolean wallet,
      @Nullable Instant from,
      @Nullable Instant until,
      long limit) {
    counters.put(id, new ModelCounter(id, org, unit, wallet, from, until, limit));
  }

  public void credit(long org, long id, String kind, long amount) {
    Org owner = org(org);
    owner.credits.add(new Credit(id, kind, amount));
    owner.credits.sort(
        Comparator.<Credit>comparingInt(c -> CREDIT_ORDER.indexOf(c.kind))
            .thenComparingLong(c -> c.id));
  }

  public void limit(long counterId, long limit) {
    ModelCounter counter = counter(counterId);
    counter.wanted = limit;
    counter.limit = Math.max(limit, counter.settled + counter.leased);
    if (counter.limit > limit) {
      open().filter(lease -> lease.counter == counter).forEach(lease -> lease.recalled = true);
    }
  }

  public ModelCounter counter(long id) {
    return Objects.requireNonNull(counters.get(id));
  }

  public Collection<ModelCounter> counters() {
    return Collections.unmodifiableCollection(counters.values());
  }

  public ModelLease lease(long id) {
    return Objects.requireNonNull(leases.get(id));
  }

  public Map<Long, ModelLease> leases() {
    return leases;
  }

  /** Leases that are not closed. */
  public Collection<ModelLease> openLeases() {
    return Collections.unmodifiableCollection(open.values());
  }

  /** Leases that something happened to since this was asked last. */
  public List<ModelLease> takeTouched() {
    List<ModelLease> taken = List.copyOf(touched);
    touched.clear();
    return taken;
  }

  /** Leases given after this one. */
  public List<ModelLease> leasesAfter(long id) {
    List<ModelLease> after = new ArrayList<>();
    for (long next = id + 1; next < nextLease; next++) {
      after.add(lease(next));
    }
    return after;
  }

  /** How often a gateway has begun. */
  public long epoch(int nodeId) {
    return nodes.values().stream()
        .filter(life -> life.id == nodeId)
        .mapToLong(life -> life.epoch)
        .findFirst()
        .orElseThrow();
  }

  public Map<UUID, UsageRecord> usage() {
    return usage;
  }

  public int quarantined() {
    return quarantine.size();
  }

  public long creditUsed(long org, long id) {
    return org(org).credits.stream().filter(c -> c.id == id).mapToLong(c -> c.used).sum();
  }

  /** What was booked as revenue from an account of {@link AccountKind}. */
  public long booked(long org, AccountKind from) {
    return org(org).booked.getOrDefault(from.text(), 0L);
  }

  private Org org(long id) {
    return Objects.requireNonNull(orgs.get(id));
  }

  private Stream<ModelLease> open() {
    return open.values().stream();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Node register(String name) {
    Life life = nodes.computeIfAbsent(name, n -> new Life(nodes.size() + 1, now()));
    life.epoch++;
    life.seen = now();
    return new Node(life.id, life.epoch);
  }

  private Life fence(Node node) {
    return nodes.values().stream()
        .filter(life -> life.id == node.id() && life.epoch == node.epoch())
        .findFirst()
        .orElseThrow(() -> new FencedException(node));
  }

  @Override
  public List<Grant> grant(Node node, List<Ask> asks, Duration ttl) {
    fence(node);
    return grantUnfenced(node, asks, ttl);
  }

  /** Without looking at who asks, which no bank may do. */
  public List<Grant> grantUnfenced(Node node, List<Ask> asks, Duration ttl) {
    Instant now = now();
    long active =
        Math.max(
            1,
            nodes.values().stream()
                .filter(n -> n.seen.isAfter(now.minus(options.activeWithin())))
                .count());
    List<Grant> grants = new ArrayList<>();
    for (Ask ask : asks) {
      ModelCounter counter = counters.get(ask.counterId());
      if (counter != null && isOpen(counter, now) && counter.left() >= ask.least()) {
        long share = Math.min(ask.wanted(), counter.left() / (2 * active));
        long amount = Math.min(counter.left(), Math.max(ask.needed(), share));
        Instant expires = now.plus(ttl);
        if (counter.until != null
            && counter.until.isAfter(now)
            && counter.until.isBefore(expires)) {
          expires = counter.until;
        }
        ModelLease lease = new ModelLease(nextLease++, counter, node, amount, expires);
        leases.put(lease.id, lease);
        open.put(lease.id, lease);
        touched.add(lease);
        counter.leased += amount;
        grants.add(
            new Grant(
                lease.id,
                counter.id,
                amount,
                Duration.between(now, expires),
                counter.wanted,
                counter.left()));
        if (amount < ask.needed()) {
          recallFromOthers(counter, node);
        }
      } else if (counter != null) {
        recallFromOthers(counter, node);
      }
    }
    return grants;
  }

  private void recallFromOthers(ModelCounter counter, Node node) {
    open()
        .filter(l -> l.counter == counter && l.node.id() != node.id())
        .forEach(l -> l.recalled = true);
  }

  private static boolean isOpen(ModelCounter counter, Instant now) {
    return (counter.from == null || !counter.from.isAfter(now))
        && (counter.until == null || counter.until.isAfter(now.minus(1, ChronoUnit.HOURS)));
  }

  @Override
  public Settled settle(List<UsageRecord> batch) {
    List<UUID> fresh = new ArrayList<>();
    List<UUID> known = new ArrayList<>();
    List<UUID> refused = new ArrayList<>();
    List<UsageRecord> sorted = new ArrayList<>(batch);
    sorted.sort(Comparator.comparing(UsageRecord::requestId, RequestIds.ORDER));
    for (UsageRecord record : sorted) {
      UsageRecord first = usage.get(record.requestId());
      if (!sound(record) || (first != null && !content(first).equals(content(record)))) {
        quarantine.add(record.toString());
        refused.add(record.requestId());
      } else if (first != null) {
        known.add(record.requestId());
      } else {
        usage.put(record.requestId(), record);
        take(record);
        fresh.add(record.requestId());
      }
    }
    return new Settled(fresh, known, refused);
  }

  /** Of a day that can have partitions. */
  private boolean possible(UUID id) {
    LocalDate today = now().atOffset(ZoneOffset.UTC).toLocalDate();
    LocalDate day = RequestIds.day(id);
    return RequestIds.valid(id)
        && !day.isBefore(today.minusDays(Partitions.MAX_AGE_DAYS))
        && !day.isAfter(today.plusDays(Partitions.MAX_AHEAD_DAYS));
  }

  private boolean sound(UsageRecord record) {
    if (!orgs.containsKey(record.orgId())
        || !possible(record.requestId())
        || record.amountNano() < 0
        || record.residuePico() < 0
        || record.residuePico() > 999) {
      return false;
    }
    Map<Long, Long> money = new HashMap<>();
    for (Draw draw : record.draws()) {
      ModelLease lease = leases.get(draw.leaseId());
      if (lease == null
          || lease.counter.org != record.orgId()
          || lease.counter.id != draw.counterId()) {
        return false;
      }
      if (lease.counter.unit.equals("money")
          && money.merge(draw.counterId(), draw.amount(), Long::sum) > record.amountNano()) {
        return false;
      }
    }
    return true;
  }

  private static String content(UsageRecord r) {
    return r.orgId()
        + "/"
        + r.projectId()
        + "/"
        + r.userId()
        + "/"
        + r.keyId()
        + "/"
        + r.at().truncatedTo(ChronoUnit.MICROS)
        + "/"
        + r.model()
        + "/"
        + r.rateCardId()
        + "/"
        + r.serviceClass()
        + "/"
        + r.tokens()
        + "/"
        + r.amountNano()
        + "/"
        + r.residuePico()
        + "/"
        + r.status();
  }

  /** Moves a request's draws from its leases to their counters, and its amount to the accounts. */
  private void take(UsageRecord record) {
    Map<Long, Long> late = new HashMap<>();
    for (Draw draw : record.draws()) {
      if (!counter(draw.counterId()).wallet) {
        long taken = take(draw, draw.amount());
        if (counter(draw.counterId()).unit.equals("money")) {
          late.merge(draw.counterId(), draw.amount() - taken, Long::sum);
        }
      }
    }
    long charged = record.amountNano() - late.values().stream().mapToLong(x -> x).max().orElse(0);
    long fromWallet = 0;
    for (Draw draw : record.draws()) {
      if (counter(draw.counterId()).wallet) {
        fromWallet += take(draw, Math.min(draw.amount(), charged - fromWallet));
      }
    }
    Org org = org(record.orgId());
    long due = org.prepaid ? fromWallet : charged;
    long lost = record.amountNano() - due;
    for (Credit credit : org.credits) {
      long pays = Math.min(due, credit.amount - credit.used);
      credit.used += pays;
      due -= pays;
      boolean paid = credit.kind.equals("plan") || credit.kind.equals("paid");
      book(org, paid ? AccountKind.PREPAID : AccountKind.PROMOTION, pays);
    }
    book(org, org.prepaid ? AccountKind.LOSS : AccountKind.RECEIVABLE, due);
    book(org, AccountKind.LOSS, lost);
  }

  private static void book(Org org, AccountKind from, long amount) {
    org.booked.merge(from.text(), amount, Math::addExact);
  }

  private long take(Draw draw, long due) {
    ModelLease lease = Objects.requireNonNull(leases.get(draw.leaseId()));
    long taken = Math.min(due, lease.left());
    touched.add(lease);
    lease.settled += taken;
    lease.counter.settled += taken;
    lease.counter.leased -= taken;
    lease.counter.late += draw.amount() - taken;
    return taken;
  }

  @Override
  public void keep(List<EngineReceipt> batch) {
    batch.forEach(receipt -> receipts.putIfAbsent(receipt.requestId(), receipt));
  }

  /** What engines said, by request. */
  public Map<UUID, EngineReceipt> receipts() {
    return receipts;
  }

  @Override
  public void release(Node node, List<Long> leaseIds) {
    fence(node);
    for (long id : leaseIds) {
      ModelLease lease = leases.get(id);
      if (lease != null && lease.node.id() == node.id() && !lease.closed) {
        close(lease);
      }
    }
  }

  private void close(ModelLease lease) {
    open.remove(lease.id);
    touched.add(lease);
    long back = lease.left();
    lease.returned += back;
    lease.closed = true;
    lease.counter.back(back);
  }

  /** Closes leases that expired longer ago than the grace; returns how many. */
  public int reap() {
    return reap(now());
  }

  /** As {@link #reap()} would at this time. */
  public int reap(Instant time) {
    List<ModelLease> gone =
        open().filter(l -> l.expires.isBefore(time.minus(options.grace()))).toList();
    gone.forEach(this::close);
    return gone.size();
  }

  @Override
  public List<Long> recalled(Node node) {
    fence(node).seen = now();
    return open().filter(l -> l.node.id() == node.id() && l.recalled).map(l -> l.id).toList();
  }

  @Override
  public List<Long> renew(Node node, List<Long> leaseIds, Duration ttl) {
    fence(node);
    List<Long> alive = new ArrayList<>();
    for (long id : leaseIds) {
      ModelLease lease = leases.get(id);
      if (lease != null && !lease.closed && lease.node.id() == node.id()) {
        Instant until = now().plus(ttl);
        lease.expires = until.isAfter(lease.expires) ? until : lease.expires;
        alive.add(id);
      }
    }
    return alive;
  }

  @Override
  public void shrink(Node node, List<Draw> kept) {
    fence(node);
    for (Draw keep : kept) {
      ModelLease lease = leases.get(keep.leaseId());
      if (lease == null
          || lease.closed
          || lease.node.id() != node.id()
          || keep.amount() < lease.settled) {
        continue;
      }
      long back = lease.granted - keep.amount() - lease.returned;
      if (back > 0) {
        touched.add(lease);
        lease.returned += back;
        lease.counter.back(back);
      }
    }
  }

  @Override
  public List<Long> inherited(Node node) {
    return open()
        .filter(l -> l.node.id() == node.id() && l.node.epoch() < node.epoch())
        .map(l -> l.id)
        .toList();
  }
}
