package io.yuntai.server;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where one Yuntai keeps everything: {@code models}, {@code postgres}, {@code logs} and {@code
 * run}. Only its owner may look inside.
 *
 * @param path absolute and normalised
 */
public record HomeDirectory(Path path) {
  /** Makes the path absolute. */
  public HomeDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /**
   * The folder meant when none is named: {@code $XDG_DATA_HOME/yuntai}, else {@code
   * ~/.local/share/yuntai}.
   */
  public static HomeDirectory platformDefault(Map<String, String> environment) {
    String dataHome = environment.getOrDefault("XDG_DATA_HOME", "");
    // The XDG specification wants relative values ignored.
    Path data =
        dataHome.startsWith("/")
            ? Path.of(dataHome)
            : userHome(environment).resolve(".local").resolve("share");
    return new HomeDirectory(data.resolve("yuntai"));
  }

  /**
   * {@code $HOME} as a shell means it; Java's own {@code user.home} looks past it into the user
   * database.
   */
  private static Path userHome(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }

  /** Log files. */
  public Path logs() {
    return path.resolve("logs");
  }

  /** What only matters while a server runs. */
  public Path run() {
    return path.resolve("run");
  }

  /** How other processes find the running server. */
  Path stateFile() {
    return run().resolve("server.json");
  }

  /** Held by the server for its life. */
  Path lockFile() {
    return run().resolve("server.lock");
  }

  /**
   * Makes the folders that are missing, readable by their owner only.
   *
   * @throws StartException when that can't be done
   */
  public void create() {
    try {
      for (Path folder : new Path[] {path, logs(), run()}) {
        if (Files.isDirectory(folder)) {
          continue;
        }
        Files.createDirectories(folder);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
      }
    } catch (IOException e) {
      throw new StartException(
          "The home "
              + path
              + " can't be made ("
              + e
              + "): choose a folder that you may write with --home or YUNTAI_HOME.",
          e);
    }
  }
}
