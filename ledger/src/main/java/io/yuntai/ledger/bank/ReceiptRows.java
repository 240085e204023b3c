package io.yuntai.ledger.bank;

import io.yuntai.ledger.prices.MeteredTokens;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Engines' receipts as rows. */
final class ReceiptRows {
  private static final String INSERT =
      """
      insert into engine_receipt (request_id, attempt, org_id, compute_micros, acknowledged, engine_id,
        input, cache_hit, cache_write, output, reasoning, end_reason,
        node_id, project_id, user_id, key_id, at, model_id, card_id, class, prompt, counters)
      select r, a, o, cm, ak, e, i, ch, cw, ou, re, en,
        n, p, u, k, timestamptz 'epoch' + at * interval '1 microsecond', m, c, cl, pr, cs::bigint[]
      from unnest(?::uuid[], ?::smallint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[],
        ?::int[], ?::int[], ?::smallint[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[],
        ?::bigint[], ?::smallint[], ?::int[], ?::text[])
        as t(r, a, o, cm, ak, e, i, ch, cw, ou, re, en, n, p, u, k, at, m, c, cl, pr, cs)
      on conflict do nothing\
      """;

  private ReceiptRows() {}

  /** Keeps those that are not there yet. */
  static void insert(Connection connection, List<EngineReceipt> receipts, Names names)
      throws SQLException {
    if (receipts.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      Rows rows = new Rows(connection, insert, receipts);
      insert.setArray(
          1,
          connection.createArrayOf(
              "uuid", receipts.stream().map(EngineReceipt::requestId).toArray()));
      rows.ints(2, EngineReceipt::attempt);
      rows.longs(3, EngineReceipt::orgId);
      rows.longs(4, EngineReceipt::computeMicros);
      rows.longs(5, EngineReceipt::acknowledgedTokens);
      rows.ints(6, receipt -> names.id(receipt.engine()));
      tokens(rows);
      rows.ints(12, receipt -> receipt.endReason().code());
      rows.claimed("int4", 13, Claim::nodeId);
      rows.claimed("int8", 14, Claim::projectId);
      rows.claimed("int8", 15, Claim::userId);
      rows.claimed("int8", 16, Claim::keyId);
      rows.claimed("int8", 17, claim -> ChronoUnit.MICROS.between(Instant.EPOCH, claim.at()));
      rows.claimed("int4", 18, claim -> names.id(claim.model()));
      rows.claimed("int8", 19, Claim::rateCardId);
      rows.claimed("int2", 20, claim -> (short) claim.serviceClass().code());
      rows.claimed("int4", 21, Claim::promptTokens);
      rows.claimed("text", 22, claim -> array(claim.counters()));
      insert.executeUpdate();
    }
  }

  private static void tokens(Rows rows) throws SQLException {
    List<ToIntFunction<MeteredTokens>> counts =
        List.of(
            MeteredTokens::input,
            MeteredTokens::cacheHit,
            MeteredTokens::cacheWrite,
            MeteredTokens::output,
            MeteredTokens::reasoning);
    for (int i = 0; i < counts.size(); i++) {
      ToIntFunction<MeteredTokens> count = counts.get(i);
      rows.ints(7 + i, receipt -> count.applyAsInt(receipt.tokens()));
    }
  }

  /** Arrays of arrays would have to be of one length; a text each need not. */
  private static String array(List<Long> counters) {
    return counters.toString().replace('[', '{').replace(']', '}');
  }

  /** The receipts' columns as arrays. */
  private record Rows(
      Connection connection, PreparedStatement insert, List<EngineReceipt> receipts) {
    @FunctionalInterface
    interface Column {
      Object of(Claim claim);
    }

    void ints(int parameter, ToIntFunction<EngineReceipt> column) throws SQLException {
      insert.setObject(parameter, receipts.stream().mapToInt(column).toArray());
    }

    void longs(int parameter, ToLongFunction<EngineReceipt> column) throws SQLException {
      insert.setObject(parameter, receipts.stream().mapToLong(column).toArray());
    }

    /** Null where there is no claim. */
    void claimed(String type, int parameter, Column column) throws SQLException {
      @Nullable Object[] values = new @Nullable Object[receipts.size()];
      for (int i = 0; i < values.length; i++) {
        Claim claim = receipts.get(i).claim();
        values[i] = claim == null ? null : column.of(claim);
      }
      insert.setArray(parameter, connection.createArrayOf(type, values));
    }
  }
}
