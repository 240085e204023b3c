package io.yuntai.server.batches;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** All batches, each in a folder of its own. Safe for use by many threads. */
final class BatchStore {
  private static final Logger LOG = LoggerFactory.getLogger(BatchStore.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String STATE = "batch.json";

  private final Path folder;
  private final Map<String, Batch> batches = new ConcurrentHashMap<>();

  BatchStore(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    try (Stream<Path> all = Files.list(folder)) {
      all.forEach(each -> read(each).ifPresent(batch -> batches.put(batch.id(), batch)));
    }
  }

  private static Optional<Batch> read(Path each) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(each.resolve(STATE)), Batch.class));
    } catch (IOException | JacksonException e) {
      LOG.warn("{} can't be read and is left out", each, e);
      return Optional.empty();
    }
  }

  Path folder(String id) {
    return folder.resolve(id);
  }

  Collection<Batch> all() {
    return List.copyOf(batches.values());
  }

  Optional<Batch> find(String id) {
    return Optional.ofNullable(batches.get(id));
  }

  List<Batch> list(String owner) {
    return batches.values().stream()
        .filter(batch -> batch.owner().equals(owner))
        .sorted(Comparator.comparingLong(Batch::createdAt).reversed().thenComparing(Batch::id))
        .toList();
  }

  synchronized void put(Batch batch) {
    try {
      Path own = Files.createDirectories(folder(batch.id()));
      Path draft = own.resolve(STATE + ".new");
      try (FileChannel channel =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(batch));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, own.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
      batches.put(batch.id(), batch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a batch, on disk first. */
  synchronized Batch change(String id, UnaryOperator<Batch> change) {
    Batch old = find(id).orElseThrow();
    Batch changed = change.apply(old);
    if (!changed.equals(old)) {
      put(changed);
    }
    return changed;
  }

  /** Changes what can be counted again after a start, in memory only. */
  synchronized void note(String id, UnaryOperator<Batch> change) {
    batches.computeIfPresent(id, (_, old) -> change.apply(old));
  }
}
