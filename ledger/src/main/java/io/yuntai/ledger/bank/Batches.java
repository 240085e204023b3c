package io.yuntai.ledger.bank;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settles batches: judges records by themselves, runs the rest in one transaction, and where that
 * one breaks a rule of the tables halves it until the record at fault stands alone.
 */
final class Batches {
  private static final int MAX_RESIDUE = 999;

  private final Transactions transactions;
  private final Settlement settlement;
  private final Preparation preparation;

  Batches(Transactions transactions, Preparation preparation, BankSql sql) {
    this.transactions = transactions;
    this.preparation = preparation;
    this.settlement = new Settlement(sql, preparation.names());
  }

  Settled settle(List<UsageRecord> batch) throws SQLException {
    List<Refusal> refusals = new ArrayList<>();
    List<UUID> repeated = new ArrayList<>();
    List<UsageRecord> records = distinct(batch, repeated, refusals);
    prepare(records, refusals);
    Result result = new Result();
    result.known.addAll(repeated);
    settle(records, refusals, result);
    // A repetition has the fate of the first.
    Set<UUID> refused = result.quarantined.stream().collect(Collectors.toSet());
    result.known.removeIf(id -> refused.contains(id) && repeated.contains(id));
    return new Settled(result.fresh, result.known, result.quarantined);
  }

  private static final class Result {
    final List<UUID> fresh = new ArrayList<>();
    final List<UUID> known = new ArrayList<>();
    final List<UUID> quarantined = new ArrayList<>();
  }

  /** In the order of their ids, each id once. */
  private static List<UsageRecord> distinct(
      List<UsageRecord> batch, List<UUID> repeated, List<Refusal> refusals) {
    Map<UUID, UsageRecord> firsts = new HashMap<>(2 * batch.size());
    List<UsageRecord> records = new ArrayList<>(batch.size());
    for (UsageRecord sent : batch) {
      UsageRecord record = inMicros(sent);
      UsageRecord first = firsts.putIfAbsent(record.requestId(), record);
      if (first == null) {
        records.add(record);
      } else if (withoutDraws(first).equals(withoutDraws(record))) {
        repeated.add(record.requestId());
      } else {
        refusals.add(new Refusal(record, "Another record of this request is in the same batch."));
      }
    }
    records.sort((a, b) -> RequestIds.ORDER.compare(a.requestId(), b.requestId()));
    return records;
  }

  /** The database keeps microseconds. */
  private static UsageRecord inMicros(UsageRecord r) {
    if (r.at().equals(r.at().truncatedTo(ChronoUnit.MICROS))) {
      return r;
    }
    return new UsageRecord(
        r.requestId(),
        r.orgId(),
        r.projectId(),
        r.userId(),
        r.keyId(),
        r.at().truncatedTo(ChronoUnit.MICROS),
        r.model(),
        r.rateCardId(),
        r.serviceClass(),
        r.tokens(),
        r.amountNano(),
        r.residuePico(),
        r.status(),
        r.draws());
  }

  /** All of a record that the database keeps. */
  static UsageRecord withoutDraws(UsageRecord r) {
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
        r.amountNano(),
        r.residuePico(),
        r.status(),
        List.of());
  }

  /** Moves records that no table can hold to the refusals, and sees to names and partitions. */
  private void prepare(List<UsageRecord> records, List<Refusal> refusals) throws SQLException {
    records.removeIf(record -> {
      String fault = faultOf(record);
      if (!fault.isEmpty()) {
        refusals.add(new Refusal(record, fault));
      }
      return !fault.isEmpty();
    });
    Set<LocalDate> impossible =
        preparation.prepare(
            records.stream().map(UsageRecord::model).toList(),
            records.stream().map(UsageRecord::requestId).toList());
    records.removeIf(record -> {
      LocalDate day = RequestIds.day(record.requestId());
      if (impossible.contains(day)) {
        refusals.add(new Refusal(record, "Its id is of " + day + ": too long ago or ahead."));
      }
      return impossible.contains(day);
    });
  }

  private static String faultOf(UsageRecord record) {
    if (!RequestIds.valid(record.requestId())) {
      return "Its id is not a version-7 UUID.";
    }
    if (record.amountNano() < 0 || record.residuePico() < 0 || record.residuePico() > MAX_RESIDUE) {
      return "Its amount is out of range.";
    }
    String model = record.model();
    if (model.isEmpty() || model.length() > Names.MAX_LENGTH || model.indexOf('\0') >= 0) {
      return "Its model's name is empty, too long or holds a U+0000.";
    }
    return "";
  }

  private void settle(List<UsageRecord> records, List<Refusal> refusals, Result result)
      throws SQLException {
    try {
      Settlement.Outcome outcome =
          transactions.run(connection -> {
            Settlement.Outcome done = settlement.settle(connection, records);
            Quarantine.keep(
                connection, Stream.concat(refusals.stream(), done.refusals().stream()).toList());
            return done;
          });
      result.fresh.addAll(outcome.fresh());
      result.known.addAll(outcome.known());
      Stream.concat(refusals.stream(), outcome.refusals().stream())
          .forEach(refusal -> result.quarantined.add(refusal.record().requestId()));
    } catch (SQLException failure) {
      if (!isOfTheData(failure) || records.isEmpty()) {
        throw failure;
      }
      if (records.size() == 1) {
        Refusal bad = new Refusal(records.getFirst(), String.valueOf(failure.getMessage()));
        settle(List.of(), Stream.concat(refusals.stream(), Stream.of(bad)).toList(), result);
        return;
      }
      int half = records.size() / 2;
      settle(records.subList(0, half), refusals, result);
      settle(records.subList(half, records.size()), List.of(), result);
    }
  }

  /** Whether the rows were refused (a broken constraint, a value out of range), not the service. */
  private static boolean isOfTheData(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("23") || state.startsWith("22");
  }
}
