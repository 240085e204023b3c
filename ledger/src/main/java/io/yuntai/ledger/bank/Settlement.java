package io.yuntai.ledger.bank;

import io.yuntai.ledger.bank.Allocation.Leased;
import io.yuntai.ledger.bank.Allocation.Share;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * The steps of settling a batch, within its caller's transaction: counters are locked, then chains;
 * the usage is inserted, and only what really was inserted moves money.
 */
final class Settlement {
  private final BankSql sql;
  private final Chains chains;
  private final Names names;

  Settlement(BankSql sql, Names names) {
    this.sql = sql;
    this.chains = new Chains(sql);
    this.names = names;
  }

  /** What became of the records. */
  record Outcome(List<UUID> fresh, List<UUID> known, List<Refusal> refusals) {}

  /**
   * Settles records whose names are learned and whose days have partitions.
   *
   * @param records no two of one request, in the order of their ids
   */
  Outcome settle(Connection connection, List<UsageRecord> records) throws SQLException {
    Map<Long, Leased> leases = lockLeases(connection, records);
    Map<Long, Head> heads =
        chains.lock(connection, records.stream().map(UsageRecord::orgId).distinct().toList());
    List<UsageRecord> sound = new ArrayList<>(records.size());
    List<Refusal> refusals = new ArrayList<>();
    for (UsageRecord record : records) {
      String fault = faultOf(record, leases, heads);
      if (fault.isEmpty()) {
        sound.add(record);
      } else {
        refusals.add(new Refusal(record, fault));
      }
    }
    Set<UUID> inserted =
        UsageRows.insert(
            connection,
            sql.insertUsage(),
            sound,
            names,
            record -> head(heads, record.orgId()).next());
    List<UsageRecord> fresh = new ArrayList<>(inserted.size());
    List<UsageRecord> others = new ArrayList<>();
    for (UsageRecord record : sound) {
      (inserted.contains(record.requestId()) ? fresh : others).add(record);
    }
    List<UUID> known = compare(connection, others, refusals);
    if (!fresh.isEmpty()) {
      moveMoney(connection, fresh, leases, heads);
    }
    return new Outcome(fresh.stream().map(UsageRecord::requestId).toList(), known, refusals);
  }

  /**
   * Locks the counters of all leases that are drawn from, in their order, and reads these leases.
   */
  private Map<Long, Leased> lockLeases(Connection connection, List<UsageRecord> records)
      throws SQLException {
    long[] ids =
        records.stream()
            .flatMapToLong(r -> r.draws().stream().mapToLong(Draw::leaseId))
            .sorted()
            .distinct()
            .toArray();
    if (ids.length == 0) {
      return Map.of();
    }
    record Counter(boolean money, boolean wallet) {}
    Map<Long, Counter> counters = new HashMap<>();
    try (PreparedStatement lock = connection.prepareStatement(sql.lockLeasedCounters())) {
      lock.setObject(1, ids);
      try (ResultSet row = lock.executeQuery()) {
        while (row.next()) {
          counters.put(
              row.getLong(1), new Counter(row.getString(3).equals("money"), row.getBoolean(4)));
        }
      }
    }
    Map<Long, Leased> leases = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(sql.leases())) {
      select.setObject(1, ids);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Counter counter = counters.get(row.getLong(3));
          if (counter != null) {
            leases.put(
                row.getLong(1),
                new Leased(
                    row.getLong(2),
                    row.getLong(3),
                    counter.money(),
                    counter.wallet(),
                    row.getLong(4)));
          }
        }
      }
    }
    return leases;
  }

  /** What is wrong with a record in the light of the rows that it names; empty for nothing. */
  private static String faultOf(
      UsageRecord record, Map<Long, Leased> leases, Map<Long, Head> heads) {
    if (!heads.containsKey(record.orgId())) {
      return "There is no organisation " + record.orgId() + ".";
    }
    Map<Long, Long> money = new HashMap<>();
    for (Draw draw : record.draws()) {
      Leased lease = leases.get(draw.leaseId());
      if (lease == null) {
        return "There is no lease " + draw.leaseId() + " (closed ones are kept for a week).";
      }
      if (lease.orgId() != record.orgId()) {
        return "Lease " + draw.leaseId() + " belongs to another organisation.";
      }
      if (lease.counterId() != draw.counterId()) {
        return "Lease " + draw.leaseId() + " is not on counter " + draw.counterId() + ".";
      }
      if (lease.money()) {
        long sum = money.getOrDefault(draw.counterId(), 0L);
        if (draw.amount() > record.amountNano() - sum) {
          return "It draws more from counter " + draw.counterId() + " than it costs.";
        }
        money.put(draw.counterId(), sum + draw.amount());
      }
    }
    return "";
  }

  /** Of requests that were there already: those of the same content are known, others refused. */
  private static List<UUID> compare(
      Connection connection, List<UsageRecord> others, List<Refusal> refusals) throws SQLException {
    if (others.isEmpty()) {
      return List.of();
    }
    Map<UUID, UsageRecord> kept =
        UsageRows.find(connection, others.stream().map(UsageRecord::requestId).toList());
    List<UUID> known = new ArrayList<>(others.size());
    for (UsageRecord record : others) {
      UsageRecord first = kept.get(record.requestId());
      if (first != null && first.equals(Batches.withoutDraws(record))) {
        known.add(record.requestId());
      } else {
        refusals.add(
            new Refusal(record, "Another record of this request was settled before: " + first));
      }
    }
    return known;
  }

  private void moveMoney(
      Connection connection,
      List<UsageRecord> fresh,
      Map<Long, Leased> leases,
      Map<Long, Head> heads)
      throws SQLException {
    Allocation allocation = new Allocation(leases);
    TreeMap<Long, Bill> bills = new TreeMap<>();
    for (UsageRecord record : fresh) {
      Head head = head(heads, record.orgId());
      Share share = allocation.take(record, head.prepaid());
      bills.computeIfAbsent(record.orgId(), org -> new Bill()).add(record, share);
    }
    settleLeases(connection, allocation.taken());
    Map<Long, List<Credit.Payment>> payments = Credit.pay(connection, chargesOf(bills));
    List<EntryDraft> drafts = new ArrayList<>(bills.size());
    bills.forEach((org, bill) ->
        drafts.add(
            bill.draft(
                head(heads, org),
                allocation.counters(org),
                payments.getOrDefault(org, List.of()))));
    chains.append(connection, heads, drafts);
  }

  private static Map<Long, Long> chargesOf(Map<Long, Bill> bills) {
    Map<Long, Long> charges = new TreeMap<>();
    bills.forEach((org, bill) -> {
      if (bill.charged > 0) {
        charges.put(org, bill.charged);
      }
    });
    return charges;
  }

  private void settleLeases(Connection connection, Map<Long, Long> taken) throws SQLException {
    if (taken.isEmpty()) {
      return;
    }
    try (PreparedStatement settle = connection.prepareStatement(sql.settleLeases())) {
      settle.setObject(1, taken.keySet().stream().mapToLong(Long::longValue).toArray());
      settle.setObject(2, taken.values().stream().mapToLong(Long::longValue).toArray());
      settle.executeUpdate();
    }
  }

  private static Head head(Map<Long, Head> heads, long orgId) {
    Head head = heads.get(orgId);
    if (head == null) {
      throw new IllegalStateException("no chain of organisation " + orgId + " is locked");
    }
    return head;
  }

  /** An organisation's part of a batch. */
  private static final class Bill {
    private final List<byte[]> leaves = new ArrayList<>();
    private long charged;
    private long lost;

    void add(UsageRecord record, Share share) {
      leaves.add(UsageLeaf.of(record));
      charged = Math.addExact(charged, share.charged());
      lost = Math.addExact(lost, share.lost());
    }

    EntryDraft draft(Head head, List<CounterEntry> counters, List<Credit.Payment> payments) {
      long prepaid = sum(payments.stream().filter(p -> p.paid()).mapToLong(Credit.Payment::amount));
      long given = sum(payments.stream().filter(p -> !p.paid()).mapToLong(Credit.Payment::amount));
      long uncovered = charged - prepaid - given;
      List<Transfer> transfers = new ArrayList<>(4);
      revenue(transfers, AccountKind.PREPAID, prepaid);
      revenue(transfers, AccountKind.PROMOTION, given);
      revenue(transfers, AccountKind.RECEIVABLE, head.prepaid() ? 0 : uncovered);
      revenue(transfers, AccountKind.LOSS, head.prepaid() ? lost + uncovered : lost);
      return new EntryDraft(
          head.orgId(),
          EntryDraft.USAGE,
          null,
          leaves,
          transfers,
          counters,
          payments.stream().map(p -> new CreditEntry(p.grantId(), p.amount())).toList());
    }

    private static void revenue(List<Transfer> transfers, AccountKind from, long amount) {
      if (amount > 0) {
        transfers.add(new Transfer(from, AccountKind.REVENUE, amount));
      }
    }

    private static long sum(LongStream amounts) {
      return amounts.reduce(0, Math::addExact);
    }
  }
}
