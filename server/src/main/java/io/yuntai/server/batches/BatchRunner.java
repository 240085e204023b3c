package io.yuntai.server.batches;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.batches.Batch.Status;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.files.StoredFile;
import io.yuntai.server.gateway.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off all batches, some requests of each at once. Safe for use by many threads.
 *
 * <p>A request that finds the engine full waits and tries again, until its batch expires; batches
 * take no place from those who wait for an answer, since each has few requests under way.
 */
public final class BatchRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);

  private static final Duration WINDOW = Duration.ofHours(24);
  private static final int REQUESTS_AT_ONCE = 8;
  private static final int OWNER_UNFINISHED_MAX = 16;
  private static final long BUSY_PAUSE_MILLIS = 250;
  private static final long BUSY_PAUSE_MAX_MILLIS = 10_000;
  private static final long CLOSE_SECONDS = 10;
  private static final int ID_BYTES = 16;

  private final BatchStore store;
  private final FileStore files;
  private final LineWork work;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(REQUESTS_AT_ONCE, true);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closing;

  /**
   * Opens the folder of batches, and goes on with those that are not finished.
   *
   * @throws IOException when the folder can't be read or written
   */
  public BatchRunner(
      Path folder, FileStore files, LineWork work, RandomGenerator random, InstantSource clock)
      throws IOException {
    this.store = new BatchStore(folder);
    this.files = files;
    this.work = work;
    this.random = random;
    this.clock = clock;
    store.all().stream()
        .filter(batch -> !batch.status().isLast())
        .forEach(batch -> threads.execute(() -> run(batch.id())));
  }

  /**
   * Takes a batch in.
   *
   * @throws ApiException what is wrong with it, so far as that is known before its file is read
   */
  public Batch create(
      Principal owner, String endpoint, String inputFile, Map<String, String> metadata)
      throws ApiException {
    if (!work.serves(endpoint)) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              "endpoint",
              "Requests to '%s' can't be batched.".formatted(endpoint)));
    }
    StoredFile file =
        files
            .find(owner.id(), inputFile)
            .orElseThrow(() ->
                new ApiException(
                    ApiError.invalidField(
                        "invalid_value",
                        "input_file_id",
                        "There is no file '%s'.".formatted(inputFile))));
    if (!file.purpose().equals("batch")) {
      throw new ApiException(
          ApiError.invalidField(
              "invalid_value",
              "input_file_id",
              "The file was uploaded with purpose '%s', not 'batch'.".formatted(file.purpose())));
    }
    long unfinished =
        store.list(owner.id()).stream().filter(batch -> !batch.status().isLast()).count();
    if (unfinished >= OWNER_UNFINISHED_MAX) {
      throw new ApiException(
          ApiError.tooMany(
              "You have %d batches that are not finished, as many as one key may."
                  .formatted(unfinished),
              60));
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    long now = now();
    Batch batch =
        new Batch(
            "batch_" + HexFormat.of().formatHex(id),
            owner.id(),
            owner.name(),
            endpoint,
            inputFile,
            Status.VALIDATING,
            now,
            now + WINDOW.toSeconds(),
            null,
            null,
            null,
            null,
            Batch.Counts.NONE,
            null,
            null,
            List.of(),
            metadata);
    store.put(batch);
    threads.execute(() -> run(batch.id()));
    return batch;
  }

  /** An owner's batch. */
  public Optional<Batch> find(String owner, String id) {
    return store.find(id).filter(batch -> batch.owner().equals(owner));
  }

  /** An owner's batches, the newest first. */
  public List<Batch> list(String owner) {
    return store.list(owner);
  }

  /**
   * Asks for a batch's end: what is being computed is still answered, and nothing after it.
   *
   * @throws ApiException 409 where it has ended
   */
  public Batch cancel(Batch batch) throws ApiException {
    Batch now =
        store.change(
            batch.id(),
            old ->
                old.status().isLast() || old.status() == Status.CANCELLING
                    ? old
                    : old.at(Status.CANCELLING, now()));
    if (now.status() != Status.CANCELLING) {
      throw new ApiException(
          ApiError.invalidRequest(
              409,
              "batch_ended",
              "The batch can't be cancelled any more: it is %s."
                  .formatted(now.status().name().toLowerCase(Locale.ROOT))));
    }
    return now;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private void run(String id) {
    try {
      work(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops; the next one goes on
    } catch (IOException | RuntimeException e) {
      if (closing) {
        return; // an interrupt closes files, too
      }
      LOG.error("{} failed", id, e);
      fail(id, new Batch.Fault("internal_error", "The server failed to work on the batch.", null));
    }
  }

  private void fail(String id, Batch.Fault fault) {
    store.change(
        id, old -> old.status().isLast() ? old : old.with(List.of(fault)).at(Status.FAILED, now()));
  }

  private void work(String id) throws IOException, InterruptedException {
    Batch batch = store.find(id).orElseThrow();
    Optional<StoredFile> file = files.find(batch.owner(), batch.inputFile());
    if (file.isEmpty() && batch.status() != Status.FINALIZING) {
      fail(id, new Batch.Fault("file_deleted", "The file of requests is gone.", null));
      return;
    }
    if (batch.status() == Status.VALIDATING) {
      BatchInput.Check check =
          BatchInput.check(files.content(file.orElseThrow()), batch.endpoint());
      Batch.Counts counts = new Batch.Counts(check.lines(), 0, 0);
      batch =
          store.change(
              id,
              old ->
                  check.faults().isEmpty()
                      ? begun(old.with(counts))
                      : old.with(counts).with(check.faults()).at(Status.FAILED, now()));
    }
    if (batch.status() == Status.IN_PROGRESS || batch.status() == Status.CANCELLING) {
      try (BatchOutput output = new BatchOutput(store.folder(id))) {
        answerAll(batch, files.content(file.orElseThrow()), output);
      }
    }
    finish(store.find(id).orElseThrow());
  }

  /** A batch may have been cancelled while its file was read. */
  private Batch begun(Batch batch) {
    return batch.status() == Status.VALIDATING ? batch.at(Status.IN_PROGRESS, now()) : batch;
  }

  private void answerAll(Batch batch, Path input, BatchOutput output)
      throws IOException, InterruptedException {
    Principal asker = new Principal(batch.owner(), batch.ownerName());
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    Semaphore own = new Semaphore(REQUESTS_AT_ONCE);
    try (BatchInput lines = new BatchInput(input)) {
      while (wanted(batch.id())) {
        Optional<BatchInput.Line> next = lines.next(batch.endpoint());
        if (next.isEmpty()) {
          break;
        }
        BatchInput.Line line = next.get();
        if (output.has(line.customId())) {
          continue;
        }
        own.acquire();
        threads.execute(() -> {
          try {
            answer(batch, line, asker, output);
          } catch (IOException e) {
            failure.set(e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            own.release();
          }
        });
        count(batch.id(), output);
      }
    } finally {
      own.acquire(REQUESTS_AT_ONCE);
      count(batch.id(), output);
    }
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    if (now() >= batch.expiresAt()) {
      giveUp(batch, input, output);
    }
  }

  /** Whether further requests of a batch are to be answered. */
  private boolean wanted(String id) {
    Batch batch = store.find(id).orElseThrow();
    return batch.status() == Status.IN_PROGRESS && now() < batch.expiresAt();
  }

  private void answer(Batch batch, BatchInput.Line line, Principal asker, BatchOutput output)
      throws IOException, InterruptedException {
    long pauseMillis = BUSY_PAUSE_MILLIS;
    while (true) {
      places.acquire();
      try {
        output.add(line.customId(), work.answer(batch.endpoint(), line.body(), asker));
        return;
      } catch (ApiException e) {
        boolean spent = e.error().code().equals(Optional.of("insufficient_quota"));
        boolean busy = (e.error().status() == 429 && !spent) || e.error().status() == 503;
        if (!busy || !wanted(batch.id())) {
          output.add(line.customId(), work.refusal(e));
          return;
        }
      } finally {
        places.release();
      }
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
      pauseMillis = Math.min(2 * pauseMillis, BUSY_PAUSE_MAX_MILLIS);
    }
  }

  private void count(String id, BatchOutput output) {
    store.note(
        id,
        old ->
            old.with(new Batch.Counts(old.counts().total(), output.answered(), output.refused())));
  }

  private void giveUp(Batch batch, Path input, BatchOutput output) throws IOException {
    try (BatchInput lines = new BatchInput(input)) {
      for (Optional<BatchInput.Line> next = lines.next(batch.endpoint());
          next.isPresent();
          next = lines.next(batch.endpoint())) {
        if (!output.has(next.get().customId())) {
          output.addUnanswered(
              next.get().customId(),
              "batch_expired",
              "The batch's time was over before this request was answered.");
        }
      }
    }
    count(batch.id(), output);
  }

  /** The files' names are settled first, so that a killed process finds them again. */
  private void finish(Batch batch) throws IOException {
    if (batch.status().isLast()) {
      return;
    }
    Batch named =
        store.change(
            batch.id(),
            old ->
                (old.status() == Status.IN_PROGRESS ? old.at(Status.FINALIZING, now()) : old)
                    .withFiles(
                        old.outputFile() == null && old.counts().completed() > 0
                            ? files.newId()
                            : old.outputFile(),
                        old.errorFile() == null && old.counts().failed() > 0
                            ? files.newId()
                            : old.errorFile()));
    Path folder = store.folder(named.id());
    publish(named, named.outputFile(), folder.resolve("output.jsonl"), "_output.jsonl");
    publish(named, named.errorFile(), folder.resolve("error.jsonl"), "_error.jsonl");
    Status last =
        named.status() == Status.CANCELLING
            ? Status.CANCELLED
            : named.counts().completed() + named.counts().failed() < named.counts().total()
                    || now() >= named.expiresAt()
                ? Status.EXPIRED
                : Status.COMPLETED;
    store.change(named.id(), old -> old.at(last, now()));
  }

  private void publish(Batch batch, @Nullable String id, Path content, String suffix)
      throws IOException {
    if (id != null) {
      long bytes = Files.exists(content) ? Files.size(content) : 0;
      files.add(
          new StoredFile(
              id, batch.owner(), batch.id() + suffix, "batch_output", bytes, now(), null),
          content);
    }
  }

  /** Lets what is being computed go; the next start goes on with the rest. */
  @Override
  public void close() {
    closing = true;
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("requests of batches did not end in {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
