package io.yuntai.ledger.requests;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How long answers took, over many requests. Safe for use by many threads. */
public final class RequestTimes {
  private final Transactions database;

  /** Of this database. */
  public RequestTimes(Transactions database) {
    this.database = database;
  }

  /**
   * How long people waited for the first token.
   *
   * @param requests that gave one; 0 for none, and then the rest means nothing
   * @param p50Micros half of them waited no longer
   * @param p99Micros 99 of 100 waited no longer
   */
  public record FirstTokens(long requests, long p50Micros, long p99Micros) {}

  /**
   * Of requests that came since an instant.
   *
   * @param orgId whose; 0 for everybody's
   */
  public FirstTokens firstTokens(long orgId, Instant since) {
    Optional<FirstTokens> found =
        database.run(connection ->
            Rows.first(
                connection,
                """
                select count(*) as requests,
                  percentile_disc(0.5) within group (order by first_token_micros) as half,
                  percentile_disc(0.99) within group (order by first_token_micros) as most
                from request_log
                where (? = 0 or org_id = ?) and at >= ?::timestamptz and first_token_micros is not null\
                """,
                row ->
                    new FirstTokens(
                        row.getLong("requests"), row.getLong("half"), row.getLong("most")),
                orgId,
                orgId,
                since));
    return found.orElse(new FirstTokens(0, 0, 0));
  }

  /**
   * How fast a model wrote.
   *
   * @param requests with enough tokens to tell
   * @param tokensPerSecond of half of them, one answer each, at least
   */
  public record Speed(long requests, double tokensPerSecond) {}

  /** Of each model's answers since an instant, by what requests call the model. */
  public Map<String, Speed> speeds(Instant since) {
    Map<String, Speed> speeds = new HashMap<>();
    database.run(connection ->
        Rows.list(
            connection,
            """
            select served, count(*) as requests,
              percentile_cont(0.5) within group (order by (output + reasoning - 1) * 1e6 / decode_micros) as speed
            from request_log
            where at >= ?::timestamptz and served <> '' and decode_micros > 0 and output + reasoning >= 8
            group by 1\
            """,
            row ->
                speeds.put(
                    row.getString("served"),
                    new Speed(row.getLong("requests"), row.getDouble("speed"))),
            since));
    return speeds;
  }
}
