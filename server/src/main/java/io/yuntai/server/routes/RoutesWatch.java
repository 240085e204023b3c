package io.yuntai.server.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the file again when it has changed. A file that can't be used changes nothing: the old
 * routes stay, and the log says why. Looks at the file's time and size each second, which works on
 * every file system and for files that editors replace.
 */
public final class RoutesWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoutesWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Path file;
  private final Map<String, String> environment;
  private final LiveRoutes routes;
  private final Thread thread;
  private Seen seen;

  private record Seen(long modifiedMillis, long bytes, String key) {}

  /**
   * Reads the file for the first time and watches it from then on.
   *
   * @throws RoutesFileException when it can't be used
   */
  public RoutesWatch(Path file, Map<String, String> environment, LiveRoutes routes)
      throws RoutesFileException {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.routes = routes;
    this.seen = look();
    routes.apply(RoutesFile.read(file, environment));
    this.thread = Thread.ofVirtual().name("routes-watch").start(this::run);
  }

  private Seen look() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Seen(now.lastModifiedTime().toMillis(), now.size(), String.valueOf(now.fileKey()));
    } catch (IOException _) {
      return new Seen(0, 0, ""); // being replaced, or gone: the routes stay
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        Seen now = look();
        if (!now.equals(seen) && now.modifiedMillis() != 0) {
          seen = now;
          reload();
        }
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void reload() {
    try {
      RouteTable table = RoutesFile.read(file, environment);
      routes.apply(table);
      LOG.info("{}: {} routes are in use", file, table.routes().size());
    } catch (RoutesFileException e) {
      LOG.error("{} can't be used, the routes stay as they are: {}", file, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{}: reading it again failed, the routes stay as they are", file, e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
