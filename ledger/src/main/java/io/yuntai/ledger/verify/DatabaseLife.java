package io.yuntai.ledger.verify;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when a database lives.
 *
 * @param started when PostgreSQL was started last
 * @param used when the operator's own books had their first entry; empty for none yet
 */
public record DatabaseLife(Instant started, Optional<Instant> used) {
  /** As it is now. */
  public static DatabaseLife read(Transactions database) {
    return database.run(connection ->
        Rows.first(
                connection,
                "select pg_postmaster_start_time() as started,"
                    + " (select min(at) from ledger_tx where org_id = 1) as used",
                row ->
                    new DatabaseLife(
                        Rows.time(row, "started"), Optional.ofNullable(Rows.instant(row, "used"))))
            .orElseThrow());
  }
}
