package io.yuntai.models.transfer;

import io.yuntai.models.transfer.Journal.Interval;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;

/**
 * One of the workers of a transfer: takes missing pieces and fetches each over a connection,
 * repeated where it breaks.
 *
 * <p>It writes through a {@code RandomAccessFile} of its own: an interrupt would close a {@code
 * FileChannel}.
 */
final class PieceFetcher implements Callable<Void> {
  private static final int BUFFER_BYTES = 128 << 10;
  private static final long JOURNAL_STEP_BYTES = 1 << 20;

  private final RangeGet get;
  private final TransferLimits limits;
  private final RemoteFile remote;
  private final Promise promise;
  private final Path data;
  private final Journal journal;
  private final Queue<Interval> pieces;
  private final Retries retries;
  private final TransferListener listener;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** The next byte to fetch; all before it in the current piece are on the disk. */
  private long at;

  /** All of the current piece before it are in the journal; never beyond {@code at}. */
  private long journaled;

  PieceFetcher(
      RangeGet get,
      TransferLimits limits,
      RemoteFile remote,
      Promise promise,
      Path data,
      Journal journal,
      Queue<Interval> pieces,
      Retries retries,
      TransferListener listener) {
    this.get = get;
    this.limits = limits;
    this.remote = remote;
    this.promise = promise;
    this.data = data;
    this.journal = journal;
    this.pieces = pieces;
    this.retries = retries;
    this.listener = listener;
  }

  @Override
  public Void call()
      throws SourceException, LocalDiskException, ChangedException, InterruptedException {
    try (RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
      for (Interval piece = pieces.poll(); piece != null; piece = pieces.poll()) {
        at = piece.from();
        journaled = at;
        fetch(piece.to(), out);
      }
    } catch (IOException e) {
      throw new LocalDiskException(data, e);
    }
    return null;
  }

  private void fetch(long to, RandomAccessFile out)
      throws SourceException, LocalDiskException, ChangedException, InterruptedException {
    int failures = 0;
    while (at < to) {
      long before = at;
      try (RangeGet.Answer answer = get.open(remote, at, to, promise.validator())) {
        requireSameVersion(answer);
        copy(answer, to, out);
      } catch (TransientException e) {
        failures = at > before ? 1 : failures + 1;
        retries.await(e, failures);
      } finally {
        note();
      }
    }
  }

  private void requireSameVersion(RangeGet.Answer answer) throws ChangedException {
    Promise now = answer.promise();
    if (!now.ranges()
        || answer.from() != at
        || now.sizeBytes() != promise.sizeBytes()
        || !Objects.equals(now.identity(), promise.identity())) {
      throw new ChangedException();
    }
  }

  private void copy(RangeGet.Answer answer, long to, RandomAccessFile out)
      throws TransientException, LocalDiskException, InterruptedException {
    try (StallGuard guard =
        new StallGuard(answer.body(), limits.stallTimeout(), limits.stallBytes())) {
      while (at < to) {
        int count = Bodies.read(answer, buffer, to - at, guard, remote);
        if (count < 0) {
          throw new TransientException(
              remote.address().getHost() + " ended the connection " + (to - at) + " bytes early",
              (Duration) null);
        }
        write(out, count);
        listener.received(count);
      }
    }
  }

  private void write(RandomAccessFile out, int count) throws LocalDiskException {
    try {
      out.seek(at);
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw new LocalDiskException(data, e);
    }
    at += count;
    if (at - journaled >= JOURNAL_STEP_BYTES) {
      note();
    }
  }

  private void note() throws LocalDiskException {
    try {
      journal.add(journaled, at);
      journaled = at;
    } catch (IOException e) {
      throw new LocalDiskException(data.resolveSibling("journal"), e);
    }
  }
}
