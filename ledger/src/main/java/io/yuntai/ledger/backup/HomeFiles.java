package io.yuntai.ledger.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which files of a home belong into a backup. */
final class HomeFiles {
  /** Can be downloaded or computed again, or mean nothing elsewhere, or are in the tables. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "models",
          "packed",
          "prefixes",
          "postgres",
          "logs",
          "run",
          RestoreMark.NAME,
          BackupMark.NAME);

  private HomeFiles() {}

  /** Paths below the home, in a fixed order; links are not followed and not kept. */
  static List<Path> of(Path home) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(home)) {
      return files;
    }
    Files.walkFileTree(
        home,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isLeftOut(home.relativize(folder))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path path = home.relativize(file);
            if (attributes.isRegularFile() && !isLeftOut(path)) {
              files.add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) { // removed just now
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    files.sort(null);
    return files;
  }

  /**
   * Where a file of a backup goes.
   *
   * @param path below the home, with slashes
   * @throws BackupException when that is not below the home, or nothing that a backup holds
   */
  static Path target(Path home, String path) {
    Path target = home.resolve(path).normalize();
    if (path.isEmpty()
        || path.indexOf('\0') >= 0
        || !target.startsWith(home)
        || target.equals(home)
        || isLeftOut(home.relativize(target))) {
      throw new BackupException("The backup has a file that belongs into no home: '" + path + "'.");
    }
    return target;
  }

  private static boolean isLeftOut(Path path) {
    return LEFT_OUT.contains(path.getName(0).toString());
  }
}
