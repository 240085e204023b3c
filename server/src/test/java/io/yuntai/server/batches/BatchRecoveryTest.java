package io.yuntai.server.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.dialect.ApiException;
import io.yuntai.server.batches.Batch.Status;
import io.yuntai.server.files.FileStore;
import io.yuntai.server.files.StoredFile;
import io.yuntai.server.gateway.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Servers that end in the middle of a batch, whatever their disk then holds. */
class BatchRecoveryTest {
  private static final String ENDPOINT = "/v1/chat/completions";
  private static final Principal OWNER = new Principal("owner", "test");

  @TempDir private Path folder = Path.of("");

  private volatile Instant now = Instant.parse("2026-11-23T04:00:00Z");
  private final InstantSource clock = () -> now;

  /** Answers until it has given so many answers, then waits for the server's end. */
  private static final class Work implements LineWork {
    private final AtomicInteger left;
    private final CountDownLatch exhausted = new CountDownLatch(1);

    Work(int answers) {
      left = new AtomicInteger(answers);
    }

    @Override
    public boolean serves(String endpoint) {
      return true;
    }

    @Override
    public LineAnswer answer(String endpoint, byte[] body, Principal asker)
        throws InterruptedException {
      if (left.getAndDecrement() <= 0) {
        exhausted.countDown();
        new CountDownLatch(1).await();
      }
      return new LineAnswer(200, "req", body);
    }

    @Override
    public LineAnswer refusal(ApiException refusal) {
      throw new AssertionError(refusal);
    }
  }

  private FileStore files() throws IOException {
    return new FileStore(folder.resolve("files"), new SecureRandom(), clock);
  }

  private BatchRunner runner(FileStore files, LineWork work) throws IOException {
    return new BatchRunner(folder.resolve("batches"), files, work, new SecureRandom(), clock);
  }

  private String input(FileStore files, int lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(
          """
          {"custom_id":"r%d","method":"POST","url":"%s","body":{"model":"m","n":%d}}
          """
              .formatted(i, ENDPOINT, i));
    }
    Path content = Files.writeString(folder.resolve("in.jsonl"), text);
    return files
        .add(
            new StoredFile(files.newId(), OWNER.id(), "in", "batch", text.length(), 0, null),
            content)
        .id();
  }

  private static Batch ended(BatchRunner runner, String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> runner.find(OWNER.id(), id).orElseThrow().status().isLast());
    return runner.find(OWNER.id(), id).orElseThrow();
  }

  @Test
  void aKilledServersSuccessorGoesOnBehindTheLastWholeLine() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("BatchRecoveryTest seed " + seed);
    Random random = new Random(seed);
    String id;
    FileStore files = files();
    try (BatchRunner runner = runner(files, new Work(0))) {
      id = runner.create(OWNER, ENDPOINT, input(files, 60), Map.of()).id();
    }
    for (int life = 0; life < 8; life++) {
      Path output = folder.resolve("batches").resolve(id).resolve("output.jsonl");
      if (Files.exists(output)) {
        // What was not forced to the disk may be lost from any byte on.
        byte[] bytes = Files.readAllBytes(output);
        int lost = random.nextInt(Math.min(bytes.length + 1, 150));
        Files.write(output, Arrays.copyOf(bytes, bytes.length - lost));
      }
      Work work = new Work(1 + random.nextInt(8));
      try (BatchRunner _ = runner(files(), work)) {
        work.exhausted.await();
      }
    }
    FileStore after = files();
    try (BatchRunner runner = runner(after, new Work(1000))) {
      Batch batch = ended(runner, id);
      assertThat(batch.status()).isEqualTo(Status.COMPLETED);
      assertThat(batch.counts()).isEqualTo(new Batch.Counts(60, 60, 0));
      StoredFile output = after.find(OWNER.id(), String.valueOf(batch.outputFile())).orElseThrow();
      List<String> names = new ArrayList<>();
      for (String line : Files.readAllLines(after.content(output), StandardCharsets.UTF_8)) {
        names.add(new JsonMapper().readTree(line).path("custom_id").asString());
      }
      assertThat(names).hasSize(60).doesNotHaveDuplicates();
    }
  }

  @Test
  void aBatchIsCancelledBehindWhatIsBeingComputed() throws Exception {
    FileStore files = files();
    Work work = new Work(10);
    String id;
    try (BatchRunner runner = runner(files, work)) {
      id = runner.create(OWNER, ENDPOINT, input(files, 60), Map.of()).id();
      work.exhausted.await();
      assertThat(runner.cancel(runner.find(OWNER.id(), id).orElseThrow()).status())
          .isEqualTo(Status.CANCELLING);
    }
    try (BatchRunner runner = runner(files, new Work(0))) {
      Batch batch = ended(runner, id);
      assertThat(batch.status()).isEqualTo(Status.CANCELLED);
      // The server's end may have come before the last of the ten were on disk.
      assertThat(batch.counts().completed()).isBetween(1, 10);
      StoredFile output = files.find(OWNER.id(), String.valueOf(batch.outputFile())).orElseThrow();
      assertThat(Files.readAllLines(files.content(output))).hasSize(batch.counts().completed());
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsGivenUp() throws Exception {
    FileStore files = files();
    Work work = new Work(10);
    String id;
    try (BatchRunner runner = runner(files, work)) {
      id = runner.create(OWNER, ENDPOINT, input(files, 30), Map.of()).id();
      work.exhausted.await();
    }
    now = now.plus(Duration.ofHours(25));
    try (BatchRunner runner = runner(files, new Work(0))) {
      Batch batch = ended(runner, id);
      assertThat(batch.status()).isEqualTo(Status.EXPIRED);
      assertThat(batch.counts().completed()).isBetween(0, 10);
      assertThat(batch.counts().failed()).isEqualTo(30 - batch.counts().completed());
      StoredFile errors = files.find(OWNER.id(), String.valueOf(batch.errorFile())).orElseThrow();
      assertThat(Files.readAllLines(files.content(errors)))
          .hasSize(batch.counts().failed())
          .allMatch(line -> line.contains("batch_expired"));
    }
  }
}
