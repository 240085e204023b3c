package io.yuntai.ledger.backup;

import io.yuntai.ledger.backup.Manifest.HomeFile;
import io.yuntai.ledger.backup.Manifest.Table;
import io.yuntai.ledger.chain.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** An open backup. */
public final class BackupReader implements AutoCloseable {
  private static final int MAX_MANIFEST_BYTES = 64 << 20;
  private static final int PIECE_BYTES = 64 << 10;

  private final ZipFile zip;
  private final Path file;
  private final Manifest manifest;

  private BackupReader(ZipFile zip, Path file, Manifest manifest) {
    this.zip = zip;
    this.file = file;
    this.manifest = manifest;
  }

  /**
   * Opens a backup and reads its manifest; {@link #check} looks at the rest.
   *
   * @throws BackupException when it is none, or not one that this version reads
   */
  public static BackupReader open(Path file) {
    @Nullable ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      ZipEntry entry = zip.getEntry(Manifest.ENTRY);
      if (entry == null) {
        throw new BackupException(file + " is no backup of Yuntai: it has no manifest.");
      }
      try (InputStream content = zip.getInputStream(entry)) {
        byte[] json = content.readNBytes(MAX_MANIFEST_BYTES);
        CRC32 sum = new CRC32();
        sum.update(json);
        if (sum.getValue() != entry.getCrc()) { // of which ZipFile says nothing
          throw new BackupException("The manifest of the backup " + file + " is damaged.");
        }
        return new BackupReader(zip, file, Manifest.of(json));
      }
    } catch (IOException | RuntimeException e) {
      close(zip);
      if (e instanceof BackupException told) {
        throw told;
      }
      if (e instanceof NoSuchFileException) {
        throw new BackupException("There is no file " + file + ".", e);
      }
      throw new BackupException(file + " is no whole backup of Yuntai: " + e.getMessage() + ".", e);
    }
  }

  /** What it holds. */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * Reads all of it once.
   *
   * @throws BackupException naming the first part whose bytes are not those that were written
   */
  public void check(Progress progress) {
    long done = 0;
    for (HomeFile each : manifest.files()) {
      check(each.entry(), each.bytes(), each.sha256());
      done += each.bytes();
      progress.at(each.path(), done, manifest.bytes());
    }
    for (Table each : manifest.tables()) {
      check(each.entry(), each.bytes(), each.sha256());
      done += each.bytes();
      progress.at(each.name(), done, manifest.bytes());
    }
  }

  private void check(String entry, long bytes, String sha256) {
    MessageDigest digest = Sha256.digest();
    long size = 0;
    try (InputStream content = new DigestInputStream(content(entry), digest)) {
      byte[] piece = new byte[PIECE_BYTES];
      // One byte more than it should have: a longer one is known for wrong, and read no further.
      for (int n = content.read(piece); n >= 0 && size <= bytes; n = content.read(piece)) {
        size += n;
      }
    } catch (IOException e) {
      throw new BackupException(
          "The backup " + file + " is damaged in " + entry + ": " + e.getMessage(), e);
    }
    if (size != bytes || !HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
      throw new BackupException(
          "The backup "
              + file
              + " is damaged: "
              + entry
              + " is not what was written; use another one.");
    }
  }

  /** A table's rows. */
  InputStream rows(Table table) throws IOException {
    return content(table.entry());
  }

  private InputStream content(String entry) throws IOException {
    ZipEntry found = zip.getEntry(entry);
    if (found == null) {
      throw new BackupException("The backup " + file + " is damaged: it has no " + entry + ".");
    }
    return zip.getInputStream(found);
  }

  /** Puts the files into a home; those of the same name are replaced. */
  void writeFiles(Path home) throws IOException {
    for (HomeFile each : manifest.files()) {
      HomeFiles.target(home, each.path()); // all of them, before the first one
    }
    for (HomeFile each : manifest.files()) {
      Path target = HomeFiles.target(home, each.path());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      try (InputStream content = content(each.entry())) {
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
      }
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  @Override
  public void close() {
    close(zip);
  }

  private static void close(@Nullable ZipFile zip) {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException _) {
      // It was only read.
    }
  }
}
