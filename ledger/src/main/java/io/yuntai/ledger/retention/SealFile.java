package io.yuntai.ledger.retention;

import io.yuntai.ledger.bank.UsageLeaf;
import io.yuntai.ledger.bank.UsageReader;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.chain.Merkle;
import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.documents.CsvText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A day's usage as gzipped comma-separated values, in the order of the ledger's entries. */
final class SealFile {
  private static final String HEAD =
      "org_id,entry,request_id,project_id,user_id,key_id,at,model,card_id,class,input,cache_hit,"
          + "cache_write,output,reasoning,amount_nano,residue_pico,status\r\n";

  private SealFile() {}

  /** What was written. */
  record Written(Path file, long rows, BigDecimal amountNano, byte[] sha256) {}

  /** Writes a partition, and what of its entries stays, within the caller's transaction. */
  static Written write(Connection connection, String partition, Path file)
      throws SQLException, IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    MessageDigest digest = Sha256.digest();
    Entries entries = new Entries(connection);
    UsageReader reader = UsageReader.of(connection);
    long rows = 0;
    BigDecimal amount = BigDecimal.ZERO;
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(unfinished), digest);
        Writer text =
            new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8));
        PreparedStatement select =
            Rows.prepareMany(
                connection,
                "select u.org_id, u.seq, "
                    + UsageReader.COLUMNS
                    + " from "
                    + partition
                    + " u order by u.org_id, u.seq, u.request_id")) {
      text.write(HEAD);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          UsageRecord record = reader.read(row, 2);
          text.write(line(row.getLong(2), record));
          entries.add(row.getLong(1), row.getLong(2), record);
          amount = amount.add(BigDecimal.valueOf(record.amountNano()));
          rows++;
        }
      }
      entries.end();
    }
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return new Written(file, rows, amount, digest.digest());
  }

  private static String line(long entry, UsageRecord record) {
    return CsvText.row(
        List.of(
            Long.toString(record.orgId()),
            Long.toString(entry),
            record.requestId().toString(),
            Long.toString(record.projectId()),
            Long.toString(record.userId()),
            Long.toString(record.keyId()),
            record.at().toString(),
            record.model(),
            Long.toString(record.rateCardId()),
            record.serviceClass().text(),
            Integer.toString(record.tokens().input()),
            Integer.toString(record.tokens().cacheHit()),
            Integer.toString(record.tokens().cacheWrite()),
            Integer.toString(record.tokens().output()),
            Integer.toString(record.tokens().reasoning()),
            Long.toString(record.amountNano()),
            Integer.toString(record.residuePico()),
            Integer.toString(record.status().code())));
  }

  /** Goes on with each entry's tree where an older day left it. */
  private static final class Entries {
    private final Connection connection;
    private long org;
    private long seq;
    private Merkle tree = new Merkle();
    private long amount;
    private boolean open;

    Entries(Connection connection) {
      this.connection = connection;
    }

    void add(long orgId, long entry, UsageRecord record) throws SQLException {
      if (!open || orgId != org || entry != seq) {
        end();
        begin(orgId, entry);
      }
      tree.add(UsageLeaf.of(record));
      amount = Math.addExact(amount, record.amountNano());
    }

    private void begin(long orgId, long entry) throws SQLException {
      org = orgId;
      seq = entry;
      tree = new Merkle();
      amount = 0;
      open = true;
      try (PreparedStatement select =
          connection.prepareStatement(
              "select usage_rows, amount_nano, subtrees from seal_entry where org_id = ? and seq = ?")) {
        select.setLong(1, orgId);
        select.setLong(2, entry);
        try (ResultSet row = select.executeQuery()) {
          if (row.next()) {
            tree = Merkle.of(row.getLong(1), row.getBytes(3));
            amount = row.getLong(2);
          }
        }
      }
    }

    void end() throws SQLException {
      if (!open) {
        return;
      }
      try (PreparedStatement upsert =
          connection.prepareStatement(
              "insert into seal_entry (org_id, seq, usage_rows, amount_nano, subtrees)"
                  + " values (?, ?, ?, ?, ?) on conflict (org_id, seq) do update"
                  + " set usage_rows = excluded.usage_rows, amount_nano = excluded.amount_nano,"
                  + " subtrees = excluded.subtrees")) {
        upsert.setLong(1, org);
        upsert.setLong(2, seq);
        upsert.setLong(3, tree.leaves());
        upsert.setLong(4, amount);
        upsert.setBytes(5, tree.subtrees());
        upsert.executeUpdate();
      }
      open = false;
    }
  }
}
