package io.yuntai.server.metrics;

import static io.yuntai.server.metrics.Snapshots.counter;
import static io.yuntai.server.metrics.Snapshots.gauge;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.server.telemetry.RequestRecorder;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How far the ledger's database is behind what requests did, and how its connections stand.
 *
 * @param figures as they are now
 */
public record LedgerMetrics(Supplier<Figures> figures) implements MetricSource {
  /**
   * Figures at one time.
   *
   * @param pool connections
   * @param unsettled requests that have ended and are not in the database
   * @param unforcedBytes of the journal
   * @param segments of the journal
   * @param accepting whether usage can be recorded
   * @param logRows requests that were logged
   * @param logDropped requests that were not
   * @param logWaiting requests that are still to be logged
   */
  public record Figures(
      Database.PoolUse pool,
      int unsettled,
      long unforcedBytes,
      int segments,
      boolean accepting,
      long logRows,
      long logDropped,
      int logWaiting) {
    /**
     * Those of a gateway.
     *
     * @param node its part of the ledger
     * @param journal where usage lies until it is settled
     * @param recorder writes the log of requests
     */
    public static Figures of(
        Database database, GatewayNode node, Journal journal, RequestRecorder recorder) {
      return new Figures(
          database.poolUse(),
          node.backlog(),
          Math.max(0, journal.appended() - journal.durable()),
          journal.segments(),
          node.takesRequests(),
          recorder.written(),
          recorder.dropped(),
          recorder.waiting());
    }
  }

  @Override
  public void addTo(MetricSnapshots.Builder all) {
    Figures now = figures.get();
    all.metricSnapshot(
        gauge(
            "yuntai_ledger_unsettled_requests",
            "Requests that have ended and that the database does not have yet.",
            now.unsettled()));
    all.metricSnapshot(
        gauge(
            "yuntai_ledger_journal_unforced_bytes",
            "Bytes of the journal that are not safe on disk yet.",
            now.unforcedBytes()));
    all.metricSnapshot(
        gauge("yuntai_ledger_journal_segments", "Files of the journal.", now.segments()));
    all.metricSnapshot(
        gauge(
            "yuntai_ledger_accepting",
            "1 while usage can be recorded; at 0 no request is served.",
            now.accepting() ? 1 : 0));
    Database.PoolUse pool = now.pool();
    all.metricSnapshot(
        gauge(
            "yuntai_database_connections",
            "Connections to PostgreSQL, by state.",
            "state",
            Map.of("active", pool.active(), "idle", pool.idle())));
    all.metricSnapshot(
        gauge(
            "yuntai_database_connections_limit",
            "The most connections that there may be.",
            pool.most()));
    all.metricSnapshot(
        gauge(
            "yuntai_database_connection_waiters",
            "Threads that wait for a connection.",
            pool.waiting()));
    all.metricSnapshot(
        counter("yuntai_request_log_rows", "Rows of the log of requests.", now.logRows()));
    all.metricSnapshot(
        counter(
            "yuntai_request_log_dropped",
            "Requests that are missing in their log.",
            now.logDropped()));
    all.metricSnapshot(
        gauge(
            "yuntai_request_log_waiting",
            "Requests that wait to be written into their log.",
            now.logWaiting()));
  }
}
