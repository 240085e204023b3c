package io.yuntai.models.transfer;

import io.yuntai.models.transfer.Journal.Interval;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * Fetches a file over HTTP in parallel ranges and resumes what an earlier transfer left.
 *
 * <p>The bytes go to {@code data} in the given folder, and {@link Journal} beside it knows which
 * are there. Every request starts at the file's own address, so that a signed address behind a
 * redirect may expire during a long transfer. An answer that belongs to another version of the file
 * ends the round; the next round begins with what the journal holds of the version that is there
 * then, which is nothing if it is a new one.
 */
public final class HttpTransfer {
  private static final int BUFFER_BYTES = 128 << 10;

  private final TransferLimits limits;
  private final DiskSpace disk;
  private final Pause pause;
  private final RangeGet get;

  /**
   * @param client follows no redirects by itself
   * @param clock for a server that names a date to come back at
   */
  public HttpTransfer(
      HttpClient client, TransferLimits limits, DiskSpace disk, Pause pause, Clock clock) {
    this.limits = limits;
    this.disk = disk;
    this.pause = pause;
    this.get = new RangeGet(client, limits, clock);
  }

  /**
   * A finished transfer.
   *
   * @param promise what the source said of the file; the file has its size, where it named one
   */
  public record Fetched(Path file, Promise promise) {}

  /**
   * Fetches a file into a folder of its own, which exists.
   *
   * @param expectedBytes the size it must have; -1 if any
   * @throws SourceException if the source does not give it; what came stays in the folder for a
   *     later call
   * @throws LocalDiskException if the disk does not take it; what fit stays
   */
  public Fetched fetch(
      RemoteFile remote, Path folder, long expectedBytes, TransferListener listener)
      throws SourceException, LocalDiskException, InterruptedException {
    Retries retries = new Retries(limits, pause, listener);
    for (int restarts = 0; ; restarts++) {
      try {
        Promise promise = probe(remote, retries);
        check(promise, expectedBytes);
        if (promise.ranges() && promise.sizeBytes() > 0) {
          fetchRanges(remote, folder, promise, retries, listener);
        } else {
          fetchWhole(remote, folder, promise, retries, listener);
        }
        return new Fetched(folder.resolve("data"), promise);
      } catch (ChangedException e) {
        if (restarts == limits.restartsMax()) {
          throw new SourceException(
              "the file on " + remote.address().getHost() + " keeps changing while it is fetched",
              e);
        }
        listener.note(
            "The file on "
                + remote.address().getHost()
                + " changed while it was fetched; looking at it anew.");
      }
    }
  }

  /** Asks for one byte, to learn what there is. */
  private Promise probe(RemoteFile remote, Retries retries)
      throws SourceException, InterruptedException {
    for (int failures = 1; ; failures++) {
      try (RangeGet.Answer answer = get.open(remote, 0, 1, null)) {
        return answer.promise();
      } catch (UnreachableException e) {
        throw new SourceException(String.valueOf(e.getMessage()), e);
      } catch (TransientException e) {
        retries.await(e, failures);
      }
    }
  }

  private void check(Promise promise, long expectedBytes) throws SourceException {
    long size = promise.sizeBytes();
    if (expectedBytes >= 0 && size >= 0 && size != expectedBytes) {
      throw new SourceException(
          "the file there has " + size + " bytes, not the expected " + expectedBytes);
    }
    if (size > limits.fileBytesMax()) {
      throw new SourceException(
          "the file there has "
              + size
              + " bytes, more than the "
              + limits.fileBytesMax()
              + " that a pull takes");
    }
  }

  private void fetchRanges(
      RemoteFile remote, Path folder, Promise promise, Retries retries, TransferListener listener)
      throws SourceException, LocalDiskException, InterruptedException, ChangedException {
    Path data = folder.resolve("data");
    Path journalFile = folder.resolve("journal");
    try (Journal journal = openJournal(journalFile, data, promise)) {
      long present = journal.presentBytes();
      disk.require(folder, promise.sizeBytes() - present, "the file");
      listener.started(present, promise.sizeBytes());
      Queue<Interval> pieces =
          new ConcurrentLinkedQueue<>(
              journal.missing(promise.sizeBytes(), pieceBytes(promise.sizeBytes() - present)));
      List<Callable<Void>> workers = new ArrayList<>();
      for (int i = 0; i < Math.min(limits.connections(), pieces.size()); i++) {
        workers.add(
            new PieceFetcher(
                get, limits, remote, promise, data, journal, pieces, retries, listener));
      }
      runAll(workers);
    } catch (IOException e) {
      throw new LocalDiskException(journalFile, e);
    }
    truncate(data, promise.sizeBytes());
  }

  /**
   * Small files too are spread over all connections, but not in pieces that cost more to ask for
   * than to send.
   */
  private long pieceBytes(long missingBytes) {
    long share = Math.max(1 << 20, Math.ceilDiv(missingBytes, limits.connections()));
    return Math.min(limits.segmentBytes(), share);
  }

  private static Journal openJournal(Path journal, Path data, Promise promise) throws IOException {
    boolean intact = Files.exists(data) && Files.size(data) <= promise.sizeBytes();
    if (!intact) {
      Files.deleteIfExists(data);
      Files.deleteIfExists(journal);
    }
    return Journal.open(journal, promise.identity(), intact ? Files.size(data) : 0);
  }

  private static void runAll(List<Callable<Void>> workers)
      throws SourceException, LocalDiskException, InterruptedException, ChangedException {
    try {
      Workers.runAll(workers, "transfer");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SourceException cause -> throw cause;
        case LocalDiskException cause -> throw cause;
        case ChangedException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case null, default ->
            throw new IllegalStateException("a transfer's worker failed", e.getCause());
      }
    }
  }

  private static void truncate(Path data, long sizeBytes) throws LocalDiskException {
    try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
      file.setLength(sizeBytes);
    } catch (IOException e) {
      throw new LocalDiskException(data, e);
    }
  }

  /** From a server without ranges: one connection, and from the start after every break. */
  private void fetchWhole(
      RemoteFile remote, Path folder, Promise promise, Retries retries, TransferListener listener)
      throws SourceException, LocalDiskException, InterruptedException {
    listener.note(
        remote.address().getHost()
            + " sends no ranges; fetching over one connection, from the start.");
    disk.require(folder, Math.max(promise.sizeBytes(), 0), "the file");
    for (int failures = 1; ; failures++) {
      listener.started(0, promise.sizeBytes());
      try (RangeGet.Answer answer = get.open(remote, 0, -1, null)) {
        copyWhole(remote, folder.resolve("data"), promise, answer, listener);
        return;
      } catch (TransientException e) {
        retries.await(e, failures);
      }
    }
  }

  private void copyWhole(
      RemoteFile remote,
      Path data,
      Promise promise,
      RangeGet.Answer answer,
      TransferListener listener)
      throws SourceException, TransientException, LocalDiskException, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = promise.sizeBytes();
    long at = 0;
    try (StallGuard guard =
            new StallGuard(answer.body(), limits.stallTimeout(), limits.stallBytes());
        RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
      out.setLength(0);
      for (int count = 0;
          count >= 0;
          count = Bodies.read(answer, buffer, buffer.length, guard, remote)) {
        out.write(buffer, 0, count);
        at += count;
        listener.received(count);
        if (at > (size < 0 ? limits.fileBytesMax() : size)) {
          throw new SourceException(
              remote.address().getHost() + " sends more than the " + size + " bytes it promised");
        }
      }
    } catch (IOException e) {
      throw new LocalDiskException(data, e);
    }
    if (size >= 0 && at < size) {
      throw new TransientException(
          remote.address().getHost() + " ended the connection " + (size - at) + " bytes early",
          (Duration) null);
    }
  }
}
