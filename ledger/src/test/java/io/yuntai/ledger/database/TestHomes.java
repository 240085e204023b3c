package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Homes for tests. To unpack PostgreSQL and make a cluster takes seconds, so it is done once for a
 * build folder; a test gets a copy of that cluster, and links to the programs.
 */
public final class TestHomes {
  /**
   * Named by the tables and the PostgreSQL in it: a build folder outlives changes to migrations,
   * and builds with {@code -Dpostgresql-binaries.version}.
   */
  private static final Path PREPARED =
      Path.of("target", "prepared-home-" + Schema.digest().substring(0, 12) + "-" + version())
          .toAbsolutePath();

  private TestHomes() {}

  /** A home in which Yuntai has been started once and stopped. */
  public static synchronized Path prepared(Path folder) throws IOException {
    ServerHome source = prepare();
    ServerHome home = new ServerHome(folder.resolve("home"));
    home.createRoot();
    linkPrograms(home);
    copyTree(source.data(), home.data());
    Files.copy(source.password(), home.password(), StandardCopyOption.COPY_ATTRIBUTES);
    return home.home();
  }

  /** A home in which Yuntai has never been started, with the programs at hand. */
  public static Path unused(Path folder) throws IOException {
    ServerHome home = new ServerHome(folder.resolve("home"));
    home.createRoot();
    linkPrograms(home);
    return home.home();
  }

  /** That of the archive on the class path, whose name tells it: {@code 15.14.0}. */
  private static String version() {
    String archive = String.valueOf(PostgresBinaries.archive());
    Matcher jar = Pattern.compile("-([0-9.]+)\\.jar!").matcher(archive);
    return jar.find() ? jar.group(1) : Integer.toHexString(archive.hashCode());
  }

  /** Gives a home the programs, without unpacking them once more. */
  static synchronized void linkPrograms(ServerHome home) throws IOException {
    linkTree(prepare().binaries(), home.binaries());
  }

  private static ServerHome prepare() {
    ServerHome source = new ServerHome(PREPARED);
    if (!PostgresBinaries.whole(source.binaries()) || !Files.exists(source.data())) {
      Database.open(DatabaseOptions.embedded(PREPARED)).close();
    }
    return source;
  }

  /** The processes that run in this home. */
  static List<ProcessHandle> processes(Path home) throws IOException {
    Path data = new ServerHome(home).data();
    return new ServerProcesses(data).all();
  }

  private static void linkTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          link(path, target);
        } else {
          Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static void link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (FileSystemException otherDisk) {
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
