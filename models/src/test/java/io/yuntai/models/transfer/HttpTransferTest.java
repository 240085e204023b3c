package io.yuntai.models.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.models.testing.FileServer;
import io.yuntai.models.testing.FileServer.Fault;
import io.yuntai.models.transfer.HttpTransfer.Fetched;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTransferTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @TempDir Path folder;
  private final byte[] content = random(5_000_000, 1);
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final Recorder recorder = new Recorder();
  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FileServer(content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesAFileInParallelRanges() throws Exception {
    Fetched fetched = fetch();

    assertThat(fetched.file()).hasBinaryContent(content);
    assertThat(server.dataRequests()).hasSizeGreaterThan(1);
    assertThat(recorder.bytes).hasValue(content.length);
  }

  @Test
  void fetchesFromAServerWithoutRanges() throws Exception {
    server.withoutRanges();

    assertThat(fetch().file()).hasBinaryContent(content);
    assertThat(recorder.notes).anyMatch(note -> note.contains("sends no ranges"));
  }

  @Test
  void startsOverAfterACutWhereThereAreNoRanges() throws Exception {
    server.withoutRanges();
    server.dataFaults.add(new Fault.Cut(1_000_000));

    assertThat(fetch().file()).hasBinaryContent(content);
  }

  @Test
  void goesOnWhereACutConnectionEnded() throws Exception {
    for (int i = 0; i < 6; i++) {
      server.dataFaults.add(new Fault.Cut(300_000));
    }

    assertThat(fetch().file()).hasBinaryContent(content);
    assertThat(recorder.bytes).hasValue(content.length);
  }

  @Test
  void anyPatternOfCutsGivesTheSameBytes() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      Path own = Files.createDirectory(folder.resolve("round-" + round));
      for (int i = 0; i < 20; i++) {
        server.dataFaults.add(new Fault.Cut(1 + random.nextInt(600_000)));
      }

      Fetched fetched = transfer(TestLimits.limits()).fetch(remote(), own, -1, recorder);

      assertThat(Files.mismatch(fetched.file(), Files.write(folder.resolve("expected"), content)))
          .as("seed %d round %d", seed, round)
          .isEqualTo(-1);
      server.dataFaults.clear();
    }
  }

  @Test
  void resumesWhatAnEarlierTransferLeft() throws Exception {
    server.dataFaults.add(
        new Fault.CutWhenRead(1_000_000, () -> recorder.bytes.get() >= 1_000_000));
    server.dataFaults.add(new Fault.Status(404, Map.of()));
    assertThatThrownBy(
            () -> transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, recorder))
        .isInstanceOf(SourceException.class);
    server.requests.clear();
    Recorder second = new Recorder();

    Fetched fetched = transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, second);

    assertThat(fetched.file()).hasBinaryContent(content);
    assertThat(second.present).hasValue(1_000_000);
    assertThat(second.bytes).hasValue(content.length - 1_000_000);
    assertThat(server.dataRequests().getFirst().range()).startsWith("bytes=1000000-");
  }

  @Test
  void doesNotMixAFileThatChangedBetweenTwoTransfers() throws Exception {
    server.dataFaults.add(new Fault.Cut(1_000_000));
    server.dataFaults.add(new Fault.Status(404, Map.of()));
    assertThatThrownBy(
            () -> transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, recorder))
        .isInstanceOf(SourceException.class);
    byte[] newer = random(content.length, 2);
    server.replace(newer, "\"v2\"");

    assertThat(fetch().file()).hasBinaryContent(newer);
  }

  @Test
  void doesNotMixAFileThatChangesDuringATransfer() throws Exception {
    byte[] newer = random(content.length + 10, 2);
    server.dataFaults.add(new Fault.Then(() -> {}));
    server.dataFaults.add(new Fault.Then(() -> server.replace(newer, "\"v2\"")));

    assertThat(transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, recorder).file())
        .hasBinaryContent(newer);
    assertThat(recorder.notes).anyMatch(note -> note.contains("changed while it was fetched"));
  }

  @Test
  void resumesNothingWhereVersionsCanNotBeToldApart() throws Exception {
    server.replace(content, null);
    server.dataFaults.add(new Fault.Cut(1_000_000));
    server.dataFaults.add(new Fault.Status(404, Map.of()));
    assertThatThrownBy(
            () -> transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, recorder))
        .isInstanceOf(SourceException.class);
    Recorder second = new Recorder();

    assertThat(transfer(TestLimits.oneConnection()).fetch(remote(), folder, -1, second).file())
        .hasBinaryContent(content);
    assertThat(second.present).hasValue(0);
  }

  @Test
  void aFileThatKeepsChangingIsGivenUp() {
    AtomicLong version = new AtomicLong(1);
    for (int i = 0; i < 100; i++) {
      server.dataFaults.add(
          new Fault.Then(() -> server.replace(content, "\"n" + version.incrementAndGet() + "\"")));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("keeps changing");
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws Exception {
    server.faults.add(new Fault.Status(429, Map.of("Retry-After", "7")));
    server.faults.add(
        new Fault.Status(503, Map.of("Retry-After", "Sun, 22 Nov 2026 10:00:09 GMT")));

    assertThat(fetch().file()).hasBinaryContent(content);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    assertThat(recorder.notes)
        .anyMatch(note -> note.contains("HTTP 429") && note.contains("7.0 s"));
  }

  @Test
  void doesNotWaitLongerThanItsBound() {
    server.faults.add(new Fault.Status(429, Map.of("Retry-After", "86400")));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("asks to wait 86400 s")
        .hasMessageContaining("try again later");
    assertThat(pauses).isEmpty();
  }

  @Test
  void repeatsAfterServerErrorsWithGrowingPauses() throws Exception {
    server.faults.add(new Fault.Status(500, Map.of()));
    server.faults.add(new Fault.Status(502, Map.of()));
    server.faults.add(new Fault.Status(503, Map.of()));

    assertThat(fetch().file()).hasBinaryContent(content);
    assertThat(pauses)
        .containsExactly(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40));
  }

  @Test
  void givesUpAServerThatOnlyFails() {
    for (int i = 0; i < 50; i++) {
      server.faults.add(new Fault.Status(500, Map.of()));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("HTTP 500, 6 times in a row");
    assertThat(server.requests).hasSize(6);
  }

  @Test
  void aMissingFileIsNotAskedForTwice() {
    server.faults.add(new Fault.Status(404, Map.of()));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("not there (HTTP 404");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void refusedAccessNamesTheTokenToSet() {
    server.faults.add(new Fault.Status(401, Map.of()));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("set HF_TOKEN");
  }

  @Test
  void aRefusedTokenIsNotPrinted() {
    server.faults.add(new Fault.Status(403, Map.of()));
    RemoteFile withToken = new RemoteFile(server.file(), "hf_secret", "HF_TOKEN");

    assertThatThrownBy(() -> transfer(TestLimits.limits()).fetch(withToken, folder, -1, recorder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("token in HF_TOKEN")
        .hasMessageNotContaining("hf_secret");
    assertThat(withToken.toString()).doesNotContain("hf_secret");
  }

  @Test
  void followsARedirectToAnotherHostWithoutTheToken() throws Exception {
    try (FileServer hub = new FileServer(new byte[0])) {
      for (int i = 0; i < 20; i++) {
        hub.faults.add(
            new Fault.Status(302, Map.of("Location", server.address() + "/blob?signature=1")));
      }
      RemoteFile file = new RemoteFile(hub.file(), "hf_secret", "HF_TOKEN");

      assertThat(transfer(TestLimits.limits()).fetch(file, folder, -1, recorder).file())
          .hasBinaryContent(content);
      assertThat(hub.requests)
          .isNotEmpty()
          .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
      assertThat(server.requests)
          .isNotEmpty()
          .allMatch(request -> request.authorization().isEmpty());
    }
  }

  @Test
  void followsARelativeRedirectWithTheToken() throws Exception {
    server.faults.add(new Fault.Status(307, Map.of("Location", "/moved/file")));
    RemoteFile file = new RemoteFile(server.file(), "hf_secret", "HF_TOKEN");

    assertThat(transfer(TestLimits.limits()).fetch(file, folder, -1, recorder).file())
        .hasBinaryContent(content);
    assertThat(server.requests)
        .allMatch(request -> request.authorization().equals("Bearer hf_secret"));
    assertThat(server.requests.get(1).path()).isEqualTo("/moved/file");
  }

  @Test
  void anEndlessRedirectEnds() {
    for (int i = 0; i < 50; i++) {
      server.faults.add(new Fault.Status(302, Map.of("Location", "/again")));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("redirects without end");
    assertThat(server.requests).hasSize(11);
  }

  @Test
  void aRedirectToSomethingElseThanHttpIsRefused() {
    server.faults.add(new Fault.Status(302, Map.of("Location", "file:///etc/passwd")));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("can't be followed safely");
  }

  @Test
  void aSilentServerIsLeftAndAskedAgain() throws Exception {
    server.dataFaults.add(new Fault.Silence(1000));

    assertThat(transfer(TestLimits.impatient()).fetch(remote(), folder, -1, recorder).file())
        .hasBinaryContent(content);
    assertThat(recorder.notes).anyMatch(note -> note.contains("too slowly or nothing"));
  }

  @Test
  void aSlowDripIsLeftAndAskedAgain() throws Exception {
    server.dataFaults.add(new Fault.Drip());

    assertThat(transfer(TestLimits.impatient()).fetch(remote(), folder, -1, recorder).file())
        .hasBinaryContent(content);
    assertThat(recorder.notes).anyMatch(note -> note.contains("too slowly or nothing"));
  }

  @Test
  void aServerThatOnlyDripsIsGivenUp() {
    for (int i = 0; i < 100; i++) {
      server.dataFaults.add(new Fault.Silence(0));
    }

    assertThatThrownBy(() -> transfer(TestLimits.impatient()).fetch(remote(), folder, -1, recorder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("6 times in a row");
  }

  @Test
  void anotherSizeThanExpectedIsRefusedBeforeAnythingIsFetched() {
    assertThatThrownBy(() -> transfer(TestLimits.limits()).fetch(remote(), folder, 123, recorder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("has 5000000 bytes, not the expected 123");
    assertThat(server.dataRequests()).isEmpty();
  }

  @Test
  void aHostWithoutAServerIsUnreachableAtOnce() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/file");
    }

    assertThatThrownBy(() ->
            transfer(TestLimits.limits())
                .fetch(new RemoteFile(nobody, null, "HF_TOKEN"), folder, -1, recorder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("127.0.0.1 can't be reached");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aHostThatGoesAwayIsWaitedForAWhile() {
    server.dataFaults.add(new Fault.Then(server::close));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("times in a row");
    assertThat(pauses).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void tooLittleRoomIsSaidBeforeAnythingIsFetched() {
    HttpTransfer cramped =
        new HttpTransfer(client(), TestLimits.limits(), any -> 1_000_000, pauses::add, clock());

    assertThatThrownBy(() -> cramped.fetch(remote(), folder, -1, recorder))
        .isInstanceOf(LocalDiskException.class)
        .hasMessageContaining("Not enough disk space")
        .hasMessageContaining("5000000 bytes are needed")
        .hasMessageContaining("1000000 are free");
    assertThat(server.dataRequests()).isEmpty();
  }

  @Test
  void anInterruptEndsItAndTheNextTransferGoesOn() throws Exception {
    server.dataFaults.add(new Fault.Silence(2_000_000));
    TransferLimits patient =
        TestLimits.withStall(TestLimits.oneConnection(), Duration.ofMinutes(5));
    FutureTask<Fetched> task =
        new FutureTask<>(() -> transfer(patient).fetch(remote(), folder, -1, recorder));
    Thread thread = Thread.ofVirtual().start(task);
    assertThat(server.silent().await(20, TimeUnit.SECONDS)).isTrue();

    thread.interrupt();

    assertThatThrownBy(() -> task.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    Recorder second = new Recorder();
    assertThat(transfer(TestLimits.limits()).fetch(remote(), folder, -1, second).file())
        .hasBinaryContent(content);
  }

  @Test
  void anEmptyOrBrokenJournalOnlyCostsTheBytesItNamed() throws Exception {
    Files.write(folder.resolve("data"), new byte[100]);
    Files.writeString(
        folder.resolve("journal"),
        "5000000 \"v1\"\n0-10\nnonsense\n99-\n-5\n7-3\n20-99999999999\n0-1");

    Fetched fetched = fetch();

    assertThat(fetched.file()).hasSize(content.length);
    assertThat(Files.readAllBytes(fetched.file()))
        .endsWith(Arrays.copyOfRange(content, 100, content.length));
  }

  private Fetched fetch() throws SourceException, LocalDiskException, InterruptedException {
    return transfer(TestLimits.limits()).fetch(remote(), folder, -1, recorder);
  }

  private RemoteFile remote() {
    return new RemoteFile(server.file(), null, "HF_TOKEN");
  }

  private HttpTransfer transfer(TransferLimits limits) {
    return new HttpTransfer(client(), limits, DiskSpace.ofSystem(), pauses::add, clock());
  }

  private static Clock clock() {
    return Clock.fixed(NOW, ZoneOffset.UTC);
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Adds up what a transfer says of itself. */
  private static final class Recorder implements TransferListener {
    final AtomicLong present = new AtomicLong(-1);
    final AtomicLong bytes = new AtomicLong();
    final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void started(long presentBytes, long totalBytes) {
      present.set(presentBytes);
      bytes.set(0);
    }

    @Override
    public void received(long more) {
      bytes.addAndGet(more);
    }

    @Override
    public void note(String message) {
      notes.add(message);
    }
  }
}
