package io.yuntai.ledger.usage;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.CompiledCard;
import io.yuntai.ledger.prices.Meter;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Organisation;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Shows why a request costs what it does. Safe for use by many threads. */
public final class RequestProofs {
  private final Transactions database;
  private final RateCards cards;

  /** Of this database, with the cards that its usage cites. */
  public RequestProofs(Transactions database, RateCards cards) {
    this.database = database;
    this.cards = cards;
  }

  private record Found(UsageExport.Row row, long card) {}

  /** The proof of a request; empty where this organisation has none of this id. */
  public Optional<ProvenRequest> find(Organisation org, UUID requestId) {
    // Names of models are nobody's, so this is the operator's query; every join is by org_id.
    return database.run(connection -> {
      Optional<Found> found = row(connection, org.id(), requestId);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      UsageExport.Row row = found.get().row();
      return Optional.of(
          new ProvenRequest(
              row,
              prices(connection, cards.cited(found.get().card()), row),
              receipts(connection, org.id(), requestId),
              entry(connection, org.id(), row.entry())));
    });
  }

  private static Optional<Found> row(Connection connection, long orgId, UUID requestId)
      throws SQLException {
    return Rows.first(
        connection,
        """
        select r.*, n.name as model, coalesce(p.name, '') as project, coalesce(u.email, '') as email,
          coalesce(k.public_id, '') as key
        from usage_rec r
          join ledger_name n on n.id = r.model_id
          left join project p on p.org_id = r.org_id and p.id = r.project_id
          left join app_user u on u.id = r.user_id
          left join api_key k on k.org_id = r.org_id and k.id = r.key_id
        where r.request_id = ?::uuid and r.org_id = ?\
        """,
        row -> new Found(UsageExport.read(row), row.getLong("card_id")),
        requestId.toString(),
        orgId);
  }

  private static Optional<ProvenRequest.Prices> prices(
      Connection connection, RateCard card, UsageExport.Row row) throws SQLException {
    if (!(card instanceof CompiledCard compiled)) {
      return Optional.empty();
    }
    Optional<Rates> rates = card.rates(row.model(), ServiceClass.of(row.serviceClass()), row.at());
    if (rates.isEmpty()) {
      return Optional.empty();
    }
    Rates.Tier tier = rates.get().tierOf(row.input() + row.cacheHit() + row.cacheWrite());
    return Optional.of(
        new ProvenRequest.Prices(
            card.id(),
            card.sha256(),
            book(connection, compiled.body()),
            compiled.body().bookSha256(),
            List.of(
                new ProvenRequest.Part(Meter.INPUT, row.input(), tier.inputPico()),
                new ProvenRequest.Part(Meter.CACHE_HIT, row.cacheHit(), tier.cacheHitPico()),
                new ProvenRequest.Part(Meter.CACHE_WRITE, row.cacheWrite(), tier.cacheWritePico()),
                new ProvenRequest.Part(Meter.OUTPUT, row.output(), tier.outputPico()),
                new ProvenRequest.Part(Meter.REASONING, row.reasoning(), tier.reasoningPico()))));
  }

  /** Two books of one name have different versions, and hashes. */
  private static String book(Connection connection, CompiledCard.Body card) throws SQLException {
    return Rows.first(
            connection,
            "select name || '@' || version from price_book where sha256 = ? order by id desc",
            row -> row.getString(1),
            card.bookSha256())
        .orElse(card.bookName());
  }

  private static List<ProvenRequest.Receipt> receipts(
      Connection connection, long orgId, UUID requestId) throws SQLException {
    return Rows.list(
        connection,
        """
        select n.name, r.input, r.cache_hit, r.output::bigint + r.reasoning as generated, r.received_at
        from engine_receipt r join ledger_name n on n.id = r.engine_id
        where r.request_id = ?::uuid and r.org_id = ? order by r.attempt\
        """,
        row ->
            new ProvenRequest.Receipt(
                row.getString("name"),
                row.getLong("input"),
                row.getLong("cache_hit"),
                row.getLong("generated"),
                Rows.time(row, "received_at")),
        requestId.toString(),
        orgId);
  }

  private static ProvenRequest.Entry entry(Connection connection, long orgId, long seq)
      throws SQLException {
    List<ProvenRequest.Line> lines =
        Rows.list(
            connection,
            "select line, debit, credit, amount_nano, currency from transfer"
                + " where org_id = ? and seq = ? order by line",
            row ->
                new ProvenRequest.Line(
                    row.getInt("line"),
                    row.getString("debit"),
                    row.getString("credit"),
                    BigDecimal.valueOf(row.getLong("amount_nano"), 9),
                    row.getString("currency")),
            orgId,
            seq);
    return Rows.first(
            connection,
            "select at, kind, usage_rows, encode(hash, 'hex') as hash, encode(prev, 'hex') as prev"
                + " from ledger_tx where org_id = ? and seq = ?",
            row -> entry(row, seq, lines),
            orgId,
            seq)
        .orElseThrow(() -> new SQLException("entry " + seq + " is missing"));
  }

  private static ProvenRequest.Entry entry(ResultSet row, long seq, List<ProvenRequest.Line> lines)
      throws SQLException {
    return new ProvenRequest.Entry(
        seq,
        Rows.time(row, "at"),
        row.getString("kind"),
        row.getInt("usage_rows"),
        row.getString("hash"),
        row.getString("prev"),
        lines);
  }
}
