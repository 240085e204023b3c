package io.yuntai.server;

import io.yuntai.server.batches.BatchRunner;
import io.yuntai.server.batches.LineWork;
import io.yuntai.server.files.FileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What clients keep here, in folders of the home. */
final class ServedFiles {
  private final Path home;
  private final RandomGenerator random;
  private final InstantSource clock;

  ServedFiles(HomeDirectory home, RandomGenerator random, InstantSource clock) {
    this.home = home.path();
    this.random = random;
    this.clock = clock;
  }

  /** Clients' files. */
  FileStore files() {
    Path folder = home.resolve("files");
    try {
      return new FileStore(folder, random, clock);
    } catch (IOException e) {
      throw new StartException("The files in " + folder + " can't be opened: " + e, e);
    }
  }

  /** What is answered when there is room for it; the caller closes it. */
  BatchRunner batches(FileStore files, LineWork work) {
    Path folder = home.resolve("batches");
    try {
      return new BatchRunner(folder, files, work, random, clock);
    } catch (IOException e) {
      throw new StartException("The batches in " + folder + " can't be opened: " + e, e);
    }
  }
}
