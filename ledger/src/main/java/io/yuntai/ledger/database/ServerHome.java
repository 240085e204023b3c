package io.yuntai.ledger.database;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the embedded server's things lie: all under {@code postgres} in Yuntai's home.
 *
 * @param home Yuntai's home, absolute
 */
record ServerHome(Path home) {
  Path root() {
    return home.resolve("postgres");
  }

  /** The unpacked programs; whole if it exists, since it comes by renaming. */
  Path binaries() {
    return root().resolve(PostgresBinaries.VERSION);
  }

  /** The cluster; whole if it exists. The format on disk is that of the major version. */
  Path data() {
    return root().resolve("data-" + PostgresBinaries.MAJOR);
  }

  Path lock() {
    return root().resolve("lock");
  }

  /** Who holds the lock: a process id. A file of its own, see {@link HomeLock}. */
  Path lockHolder() {
    return root().resolve("lock.holder");
  }

  Path password() {
    return root().resolve("password");
  }

  /** How to reach the server while it runs. */
  Path connection() {
    return root().resolve("connection");
  }

  Path log() {
    return root().resolve("postgresql.log");
  }

  void createRoot() throws IOException {
    Files.createDirectories(home);
    if (!Files.isDirectory(root())) {
      Files.createDirectories(
          root(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /** A new private folder beside its later place, for filling before it is renamed. */
  Path createTemporaryFolder(String name) throws IOException {
    return Files.createTempDirectory(root(), name + ".new-");
  }

  /** Removes what a killed process left half made. Only under the lock. */
  void deleteLeftovers() throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root(), "*.new-*")) {
      for (Path leftover : leftovers) {
        deleteTree(leftover);
      }
    }
  }

  /** Writes a file that only its owner may read, whole or not at all. */
  void writePrivate(Path file, String text) throws IOException {
    Path temporary = Files.createTempFile(root(), file.getFileName() + ".new-", "");
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      Channels.newOutputStream(channel).write(text.getBytes(StandardCharsets.UTF_8));
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void setPermissions(Path path, String permissions) throws IOException {
    Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
    Files.setPosixFilePermissions(path, set);
  }

  static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
