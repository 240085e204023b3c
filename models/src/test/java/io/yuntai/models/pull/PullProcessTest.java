package io.yuntai.models.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.models.testing.FileServer;
import io.yuntai.models.testing.FileServer.Fault;
import io.yuntai.models.testing.PullMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pulls in processes of their own, which are killed, run out of disk, or meet another on the same
 * model.
 */
class PullProcessTest {
  private static final String REFERENCE = "hf://org/repo/model.gguf";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;
  private final byte[] content = new byte[12_000_000];
  private FileServer server;
  private Path log;

  @BeforeEach
  void start() throws IOException {
    new Random(3).nextBytes(content);
    System.arraycopy(new byte[] {'G', 'G', 'U', 'F'}, 0, content, 0, 4);
    server = new FileServer(content);
    log = home.resolve("child.log");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aKilledPullIsGoneOnWith() throws Exception {
    for (int i = 0; i < 4; i++) {
      server.dataFaults.add(new Fault.Silence(2_500_000));
    }
    Process child = PullMain.start(List.of(), home, REFERENCE, environment(), log);
    // Two whole journal steps of each of the four connections.
    await().atMost(PATIENCE).until(() -> journaledSteps() >= 8);

    child.destroyForcibly().waitFor();
    server.requests.clear();
    List<PullEvent> events = new CopyOnWriteArrayList<>();
    StoredModel model = pull(events);

    assertThat(model.file()).hasBinaryContent(content);
    assertThat(events)
        .filteredOn(PullEvent.Progress.class::isInstance)
        .first()
        .isInstanceOfSatisfying(
            PullEvent.Progress.class,
            progress -> assertThat(progress.bytes()).isGreaterThanOrEqualTo(8L << 20));
    assertThat(server.dataRequests()).noneMatch(request -> request.range().startsWith("bytes=0-"));
  }

  @Test
  void aSecondPullWaitsForTheFirstAndUsesItsFile() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    server.dataFaults.add(
        new Fault.Then(() -> {
          reached.countDown();
          awaitUninterrupted(gate);
        }));
    Process child = PullMain.start(List.of(), home, REFERENCE, environment(), log);
    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    CountDownLatch waiting = new CountDownLatch(1);
    List<PullEvent> events = new CopyOnWriteArrayList<>();
    FutureTask<StoredModel> second =
        new FutureTask<>(() ->
            puller()
                .pull(
                    ModelReference.parse(REFERENCE),
                    event -> {
                      events.add(event);
                      waiting.countDown();
                    }));
    Thread.ofVirtual().start(second);
    assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();

    gate.countDown();

    assertThat(second.get(60, TimeUnit.SECONDS).file()).hasBinaryContent(content);
    assertThat(child.waitFor()).as(Files.readString(log)).isZero();
    assertThat(events).containsExactly(new PullEvent.Waiting("process " + child.pid()));
  }

  @Test
  void aFullDiskEndsThePullWithASentenceAndKeepsWhatFits() throws Exception {
    // No file may grow beyond 20480 blocks of 512 bytes: what a full disk does to a write, for this
    // process alone. The last of the four ranges meets that end, after 1.4 MB of its own.
    List<String> limited = List.of("/bin/sh", "-c", "ulimit -f 20480; exec \"$@\"", "sh");
    Process child = PullMain.start(limited, home, REFERENCE, environment(), log);

    assertThat(child.waitFor()).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains("failed: hf://org/repo/model.gguf could not be pulled. Writing ")
        .contains("File too large")
        .contains("What was fetched is kept")
        .doesNotContain("\tat ");
    List<PullEvent> events = new CopyOnWriteArrayList<>();
    assertThat(pull(events).file()).hasBinaryContent(content);
    assertThat(events)
        .filteredOn(PullEvent.Progress.class::isInstance)
        .first()
        .isInstanceOfSatisfying(
            PullEvent.Progress.class, progress -> assertThat(progress.bytes()).isPositive());
  }

  @Test
  void aTerminatedPullTakesItsPipAlong() throws Exception {
    Path pid = home.resolve("pid");
    Path bin = Files.createDirectory(home.resolve("bin"));
    // It notes its own end: whether a dead orphan still has a process number is up to the system
    // that adopts it.
    String hanging =
        """
        #!/bin/sh
        PATH=/usr/bin:/bin
        [ "$1" = --version ] && exit 0
        trap 'kill $!; : > PID.gone; exit 1' TERM
        sleep 600 &
        : > PID
        wait
        """;
    Path pip = Files.writeString(bin.resolve("pip"), hanging.replace("PID", pid.toString()));
    Files.setPosixFilePermissions(pip, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process child =
        PullMain.start(
            List.of(), home, "pypi://tiny==1/tiny/x.gguf", Map.of("PATH", bin.toString()), log);
    await().atMost(PATIENCE).until(() -> Files.exists(pid));

    child.destroy();

    assertThat(child.waitFor()).isNotZero();
    await().atMost(PATIENCE).until(() -> Files.exists(home.resolve("pid.gone")));
  }

  private StoredModel pull(List<PullEvent> events) throws InterruptedException {
    return puller().pull(ModelReference.parse(REFERENCE), events::add);
  }

  private Puller puller() {
    Catalog catalog = Catalog.load();
    return new Puller(new ModelStore(home, catalog), catalog, environment());
  }

  private Map<String, String> environment() {
    return Map.of("HF_ENDPOINT", server.address());
  }

  private long journaledSteps() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      long steps = 0;
      for (Path file : files.filter(each -> each.endsWith("journal")).toList()) {
        steps += Math.max(0, Files.readAllLines(file).size() - 1);
      }
      return steps;
    } catch (UncheckedIOException e) {
      return 0; // A file vanished while the folder was walked.
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
