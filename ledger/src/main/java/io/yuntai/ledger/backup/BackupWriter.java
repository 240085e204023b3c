package io.yuntai.ledger.backup;

import io.yuntai.ledger.backup.Manifest.HomeFile;
import io.yuntai.ledger.backup.Manifest.Table;
import io.yuntai.ledger.chain.Sha256;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Makes backups, also while a server runs on the same database: tables are read in one transaction
 * that sees them as they were when it began. Files of the home are read before. A server writes
 * usage to its journal first and to the tables soon after; so whatever it does in between, a
 * request is in one of the two or came later.
 */
public final class BackupWriter {
  private static final int PIECE_BYTES = 64 << 10;

  private final Database database;
  private final Path home;
  private final String yuntai;
  private final InstantSource clock;
  private final Progress progress;
  private long bytesDone;

  /**
   * @param yuntai the version of this program
   */
  public BackupWriter(
      Database database, Path home, String yuntai, InstantSource clock, Progress progress) {
    this.database = database;
    this.home = home;
    this.yuntai = yuntai;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Writes a backup; the caller closes the stream, and drops what it has when this fails.
   *
   * @throws DatabaseException when the tables can't be read
   * @throws IOException when a file can't be read or the backup not be written
   */
  public Manifest write(OutputStream to) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(to);
    Manifest manifest;
    List<HomeFile> files = new ArrayList<>();
    for (Path path : HomeFiles.of(home)) {
      addFile(zip, path, files);
    }
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set transaction isolation level repeatable read, read only");
      }
      List<Table> tables = new ArrayList<>();
      for (Map.Entry<String, List<String>> table : Catalogue.tables(connection).entrySet()) {
        tables.add(addTable(zip, connection, table.getKey(), table.getValue()));
      }
      manifest =
          new Manifest(
              yuntai,
              clock.instant().truncatedTo(ChronoUnit.SECONDS),
              database.serverVersion(),
              database.schemaDigest(),
              tables,
              Catalogue.partitions(connection),
              Catalogue.sequences(connection),
              files);
      connection.rollback();
    } catch (SQLException e) {
      throw new DatabaseException("The tables can't be read for a backup: " + e.getMessage(), e);
    }
    zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
    zip.write(manifest.json());
    zip.closeEntry();
    zip.finish();
    zip.flush();
    return manifest;
  }

  private void addFile(ZipOutputStream zip, Path path, List<HomeFile> files) throws IOException {
    String name = path.toString().replace('\\', '/');
    try (InputStream content = Files.newInputStream(home.resolve(path))) {
      zip.putNextEntry(new ZipEntry("home/" + name));
      Counted counted = new Counted(zip, name);
      content.transferTo(counted);
      zip.closeEntry();
      files.add(new HomeFile(name, counted.bytes, counted.sha256()));
    } catch (NoSuchFileException _) {
      // It was removed just now, before a byte of it was written.
    }
  }

  private Table addTable(
      ZipOutputStream zip, Connection connection, String name, List<String> columns)
      throws IOException, SQLException {
    zip.putNextEntry(new ZipEntry("tables/" + name + ".copy"));
    Counted counted = new Counted(zip, name);
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    String query = "copy (select %s from %s) to stdout";
    long rows = copy.copyOut(query.formatted(String.join(", ", columns), name), counted);
    zip.closeEntry();
    return new Table(name, columns, rows, counted.bytes, counted.sha256());
  }

  /** Counts and digests what goes into one entry. */
  private final class Counted extends FilterOutputStream {
    private final MessageDigest digest = Sha256.digest();
    private final String what;
    private long bytes;
    private long untold;

    Counted(ZipOutputStream zip, String what) {
      super(zip);
      this.what = what;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
      digest.update(from, offset, length);
      bytes += length;
      bytesDone += length;
      untold += length;
      if (untold >= PIECE_BYTES) {
        untold = 0;
        progress.at(what, bytesDone, -1);
      }
    }

    /** The zip goes on after an entry. */
    @Override
    public void close() {}

    String sha256() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
