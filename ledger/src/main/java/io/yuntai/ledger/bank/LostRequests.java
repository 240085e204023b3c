package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Requests whose gateway was lost before it settled them, as engines' receipts tell of them: what
 * the client received is charged at the prices of its authorisation, and drawn from what that
 * gateway still has leased.
 */
final class LostRequests {
  private static final int MOST = 1000;

  /** Receipts older than this were compared long ago. */
  private static final Duration OLDEST = Duration.ofDays(3);

  private final RateCards cards;
  private final Duration grace;

  LostRequests(RateCards cards, Duration grace) {
    this.cards = cards;
    this.grace = grace;
  }

  /** A node's open lease and what is left of it. */
  static final class Open {
    final long leaseId;
    long left;

    Open(long leaseId, long left) {
      this.leaseId = leaseId;
      this.left = left;
    }
  }

  record Counter(String unit, List<Open> leases) {}

  record NodeCounter(int nodeId, long counterId) {}

  /**
   * What is known of them.
   *
   * @param receipts that no gateway has settled
   * @param counters what their gateways have leased of counters
   */
  record Found(List<EngineReceipt> receipts, Map<NodeCounter, Counter> counters) {}

  /** Looks for those of the gateways of these leases. */
  Found find(Connection connection, long[] leaseIds) throws SQLException {
    List<EngineReceipt> receipts =
        leaseIds.length == 0 ? List.of() : receipts(connection, leaseIds);
    return new Found(receipts, receipts.isEmpty() ? Map.of() : counters(connection, leaseIds));
  }

  /** What is to be settled; not within a transaction, since prices are looked up. */
  List<UsageRecord> charged(Found found) {
    List<UsageRecord> records = new ArrayList<>(found.receipts().size());
    for (EngineReceipt receipt : found.receipts()) {
      Claim claim = receipt.claim();
      if (claim != null) {
        charge(receipt, claim, found.counters()).ifPresent(records::add);
      }
    }
    return records;
  }

  private List<EngineReceipt> receipts(Connection connection, long[] leaseIds) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select r.request_id, r.attempt, r.org_id, e.name, r.input, r.cache_hit, r.cache_write, r.output, r.reasoning,
              r.acknowledged, r.end_reason, r.node_id, r.project_id, r.user_id, r.key_id, r.at, m.name, r.card_id,
              r.class, r.prompt, r.counters
            from engine_receipt r join ledger_name e on e.id = r.engine_id join ledger_name m on m.id = r.model_id
            where r.request_id >= first_id_of((clock_timestamp() at time zone 'UTC')::date - ?)
              and r.node_id in (select node_id from lease where id = any(?::bigint[]))
              and r.acknowledged > 0 and r.received_at < clock_timestamp() - ? * interval '1 microsecond'
              and not exists (select from usage_rec u where u.request_id = r.request_id)
              and not exists (select from quarantine q where q.request_id = r.request_id)
            order by r.request_id limit ?\
            """)) {
      select.setInt(1, (int) OLDEST.toDays());
      select.setObject(2, leaseIds);
      select.setLong(3, grace.toNanos() / 1000);
      select.setInt(4, MOST);
      List<EngineReceipt> receipts = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          receipts.add(receipt(row));
        }
      }
      return receipts;
    }
  }

  private static EngineReceipt receipt(ResultSet row) throws SQLException {
    int code = row.getInt(19);
    ServiceClass serviceClass =
        Arrays.stream(ServiceClass.values())
            .filter(one -> one.code() == code)
            .findFirst()
            .orElseThrow(() -> new SQLException("no service class has the number " + code));
    Long[] counters = (Long[]) row.getArray(21).getArray();
    return new EngineReceipt(
        row.getObject(1, UUID.class),
        row.getInt(2),
        row.getLong(3),
        row.getString(4),
        new MeteredTokens(
            row.getInt(5), row.getInt(6), row.getInt(7), row.getInt(8), row.getInt(9)),
        0,
        row.getLong(10),
        UsageStatus.of(row.getInt(11)),
        new Claim(
            row.getInt(12),
            row.getLong(13),
            row.getLong(14),
            row.getLong(15),
            row.getObject(16, OffsetDateTime.class).toInstant(),
            row.getString(17),
            row.getLong(18),
            serviceClass,
            row.getInt(20),
            List.of(counters)));
  }

  /** All that the nodes of these leases still have leased, whether expired or not. */
  private static Map<NodeCounter, Counter> counters(Connection connection, long[] leaseIds)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select l.node_id, l.counter_id, k.unit, l.id, l.granted - l.settled - l.returned
            from lease l join counter k on k.id = l.counter_id
            where not l.closed and l.node_id in (select node_id from lease where id = any(?::bigint[])) order by l.id\
            """)) {
      select.setObject(1, leaseIds);
      Map<NodeCounter, Counter> counters = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String unit = row.getString(3);
          counters
              .computeIfAbsent(
                  new NodeCounter(row.getInt(1), row.getLong(2)),
                  _ -> new Counter(unit, new ArrayList<>()))
              .leases()
              .add(new Open(row.getLong(4), row.getLong(5)));
        }
      }
      return counters;
    }
  }

  /** Empty where its prices are not known: then reconciliation tells of it. */
  private Optional<UsageRecord> charge(
      EngineReceipt receipt, Claim claim, Map<NodeCounter, Counter> counters) {
    RateCard card = claim.rateCardId() == 0 ? RateCard.free() : cards.cited(claim.rateCardId());
    Instant at = claim.at();
    Optional<Rates> rates = card.rates(claim.model(), claim.serviceClass(), at);
    if (rates.isEmpty()) {
      return Optional.empty();
    }
    MeteredTokens tokens = charged(receipt, claim);
    Charge charge = rates.get().charge(tokens);
    List<Draw> draws = new ArrayList<>();
    for (long counterId : claim.counters()) {
      Counter counter = counters.get(new NodeCounter(claim.nodeId(), counterId));
      if (counter != null) {
        draw(draws, counterId, counter, tokens, charge);
      }
    }
    return Optional.of(
        new UsageRecord(
            receipt.requestId(),
            receipt.orgId(),
            claim.projectId(),
            claim.userId(),
            claim.keyId(),
            at,
            claim.model(),
            claim.rateCardId(),
            claim.serviceClass(),
            tokens,
            charge.amountNano(),
            charge.residuePico(),
            receipt.endReason(),
            draws));
  }

  /** What the client received; of the prompt, what the engine did not compute was found. */
  private static MeteredTokens charged(EngineReceipt receipt, Claim claim) {
    int input = Math.min(claim.promptTokens(), receipt.tokens().input());
    int received =
        (int) Math.min(receipt.acknowledgedTokens(), (long) receipt.tokens().generated());
    int reasoning = Math.min(receipt.tokens().reasoning(), received);
    return new MeteredTokens(
        input, claim.promptTokens() - input, 0, received - reasoning, reasoning);
  }

  private static void draw(
      List<Draw> draws, long counterId, Counter counter, MeteredTokens tokens, Charge charge) {
    long rest =
        switch (counter.unit()) {
          case "money" -> charge.amountNano();
          case "tokens" -> tokens.total();
          case "requests" -> 1;
          default -> 0;
        };
    for (Open lease : counter.leases()) {
      long part = Math.min(rest, lease.left);
      if (part > 0 && draws.size() < UsageRecord.MAX_DRAWS) {
        draws.add(new Draw(lease.leaseId, counterId, part));
        lease.left -= part;
        rest -= part;
      }
    }
  }
}
