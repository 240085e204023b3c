package io.yuntai.ledger.requests;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.requests.LoggedRequest.Asked;
import io.yuntai.ledger.requests.LoggedRequest.Asker;
import io.yuntai.ledger.requests.LoggedRequest.Cost;
import io.yuntai.ledger.requests.LoggedRequest.Outcome;
import io.yuntai.ledger.requests.LoggedRequest.Served;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code request_log}, written and read. */
final class RequestSql {
  private static final String COLUMNS =
      "request_id, org_id, project_id, user_id, key_id, at, usage_id, card_id, amount_nano,"
          + " auth_micros, prepare_micros, hold_micros, queue_micros, prefill_micros,"
          + " first_token_micros, decode_micros, settle_micros, total_micros,"
          + " input, cache_hit, cache_write, output, reasoning, status, residue_pico, streamed,"
          + " dialect, operation, model, served, route, target, attempts, error_code, finish,"
          + " client, trace_id";

  /** A row that is there already, of a batch whose commit was not heard of, stays. */
  static final String INSERT =
      "insert into request_log ("
          + COLUMNS
          + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?) on conflict (request_id) do nothing";

  /**
   * With names for the numbers. The price book stands near the beginning of a card's text; the
   * record of usage lies in the partition that its id says. An order is to follow.
   */
  static final String NAMED =
      """
      select r.*, coalesce(o.name, '') as tenant, coalesce(o.currency, '') as currency,
        coalesce(p.name, '') as project, coalesce(k.public_id, '') as key,
        coalesce(k.name, '') as key_name, coalesce(a.email, '') as email,
        coalesce(b.book, '') as book, u.seq
      from request_log r
        left join org o on o.id = r.org_id
        left join project p on p.org_id = r.org_id and p.id = r.project_id
        left join api_key k on k.org_id = r.org_id and k.id = r.key_id
        left join app_user a on a.id = r.user_id
        left join usage_rec u on u.request_id = r.usage_id
        left join lateral (
          select pb.name || '@' || min(pb.version) as book
          from (select split_part(split_part(substr(c.body, 1, 1000), E'\\nbook ', 2), E'\\n', 1) as line
                from rate_card c where c.id = r.card_id) card
            join price_book pb on pb.name = split_part(card.line, ' ', 1)
              and pb.sha256 = split_part(card.line, ' ', 2)
          group by pb.name) b on r.card_id > 0
      where r.id = any(?)\
      """;

  private RequestSql() {}

  static void bind(PreparedStatement row, LoggedRequest request) throws SQLException {
    Columns columns = new Columns(row);
    Asker asker = request.asker();
    columns.text(request.requestId());
    columns.object(asker.orgId() == 0 ? null : asker.orgId(), Types.BIGINT);
    columns.number(asker.projectId());
    columns.number(asker.userId());
    columns.number(asker.keyId());
    columns.object(request.at().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
    Cost cost = request.cost();
    columns.object(cost.usageId(), Types.OTHER);
    columns.number(cost.cardId());
    columns.number(cost.amountNano());
    Stages stages = request.stages();
    columns.micros(stages.auth());
    columns.micros(stages.prepare());
    columns.micros(stages.hold());
    columns.micros(stages.queue());
    columns.micros(stages.prefill());
    columns.micros(stages.firstToken());
    columns.micros(stages.decode());
    columns.micros(stages.settle());
    columns.number(Math.max(0, stages.total()));
    MeteredTokens tokens = request.tokens();
    columns.number(tokens.input());
    columns.number(tokens.cacheHit());
    columns.number(tokens.cacheWrite());
    columns.number(tokens.output());
    columns.number(tokens.reasoning());
    columns.number(request.outcome().status());
    columns.number(cost.residuePico());
    columns.object(request.asked().streamed(), Types.BOOLEAN);
    columns.text(request.asked().dialect());
    columns.text(request.asked().operation());
    columns.text(request.asked().model());
    Served served = request.served();
    columns.text(served.model());
    columns.text(served.route());
    columns.text(served.target());
    columns.object(
        served.attempts().isEmpty() ? null : AttemptText.write(served.attempts()), Types.VARCHAR);
    columns.text(request.outcome().errorCode());
    columns.text(request.outcome().finish());
    columns.text(asker.client());
    columns.text(request.asked().traceId());
  }

  /** Parameters one after the other. */
  private static final class Columns {
    private final PreparedStatement row;
    private int last;

    Columns(PreparedStatement row) {
      this.row = row;
    }

    void text(String value) throws SQLException {
      row.setString(++last, value);
    }

    void number(long value) throws SQLException {
      row.setLong(++last, value);
    }

    void micros(long value) throws SQLException {
      object(value == Stages.NONE ? null : value, Types.BIGINT);
    }

    void object(@Nullable Object value, int type) throws SQLException {
      row.setObject(++last, value, type);
    }
  }

  static RequestRow read(ResultSet row) throws SQLException {
    long entry = row.getLong("seq");
    OptionalLong settled = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(entry);
    return new RequestRow(
        row.getLong("id"),
        request(row),
        row.getString("tenant"),
        row.getString("currency").strip(),
        row.getString("project"),
        row.getString("key"),
        row.getString("key_name"),
        row.getString("email"),
        row.getString("book"),
        settled);
  }

  private static LoggedRequest request(ResultSet row) throws SQLException {
    String attempts = row.getString("attempts");
    return new LoggedRequest(
        row.getString("request_id"),
        Rows.time(row, "at"),
        new Asker(
            row.getLong("org_id"),
            row.getLong("project_id"),
            row.getLong("user_id"),
            row.getLong("key_id"),
            row.getString("client")),
        new Asked(
            row.getString("dialect"),
            row.getString("operation"),
            row.getString("model"),
            row.getBoolean("streamed"),
            row.getString("trace_id")),
        new Served(
            row.getString("served"),
            row.getString("route"),
            row.getString("target"),
            attempts == null ? List.of() : AttemptText.read(attempts)),
        new Stages(
            micros(row, "auth_micros"),
            micros(row, "prepare_micros"),
            micros(row, "hold_micros"),
            micros(row, "queue_micros"),
            micros(row, "prefill_micros"),
            micros(row, "first_token_micros"),
            micros(row, "decode_micros"),
            micros(row, "settle_micros"),
            row.getLong("total_micros")),
        new MeteredTokens(
            row.getInt("input"),
            row.getInt("cache_hit"),
            row.getInt("cache_write"),
            row.getInt("output"),
            row.getInt("reasoning")),
        new Outcome(row.getInt("status"), row.getString("error_code"), row.getString("finish")),
        new Cost(
            row.getObject("usage_id", UUID.class),
            row.getLong("card_id"),
            row.getLong("amount_nano"),
            row.getInt("residue_pico")));
  }

  private static long micros(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Stages.NONE : micros;
  }
}
