package io.yuntai.ledger.bank;

import io.yuntai.ledger.chain.Sha256;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Keeps what could not be recorded; the same thing sent again is kept once. */
final class Quarantine {
  private static final int MAX_REASON = 1000;

  private Quarantine() {}

  static void keep(Connection connection, List<Refusal> refusals) throws SQLException {
    if (refusals.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into quarantine (request_id, org_id, content_sha, reason, content)"
                + " values (?, ?, ?, ?, ?) on conflict (request_id, content_sha) do nothing")) {
      for (Refusal refusal : refusals) {
        // The database's texts hold no U+0000.
        String content = refusal.record().toString().replace('\0', '\uFFFD');
        String reason = refusal.reason().replace('\0', '\uFFFD');
        insert.setObject(1, refusal.record().requestId());
        insert.setLong(2, refusal.record().orgId());
        insert.setBytes(3, Sha256.of(content.getBytes(StandardCharsets.UTF_8)));
        insert.setString(4, reason.substring(0, Math.min(MAX_REASON, reason.length())));
        insert.setString(5, content);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
