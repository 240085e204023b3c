package io.yuntai.planner.solver.ortools;

import io.yuntai.planner.solver.SolverFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** OR-Tools' native libraries, unpacked into a folder of their own while they are used. */
final class NativeLibrary implements AutoCloseable {
  private static final String MAIN = "libjniortools.so";

  private final Path folder;

  private NativeLibrary(Path folder) {
    this.folder = folder;
  }

  /** The name by which OR-Tools calls this machine. */
  static String platform() {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = machine.equals("amd64") ? "x86-64" : machine.replace('_', '-');
    return (system.startsWith("mac") ? "darwin" : system.startsWith("win") ? "win32" : "linux")
        + "-"
        + processor;
  }

  static String resource() {
    return "ortools-" + platform();
  }

  /** Whether they came with the product for this machine. */
  static boolean isThere() {
    return NativeLibrary.class.getResource("/" + resource() + "/" + MAIN) != null;
  }

  /**
   * Unpacks them.
   *
   * @throws SolverFailure when they are not there, or can't be written
   */
  static NativeLibrary unpack() {
    URL main = NativeLibrary.class.getResource("/" + resource() + "/" + MAIN);
    if (main == null) {
      throw new SolverFailure(
          "OR-Tools' native library for %s did not come with this Yuntai (it does for linux-x86-64); Yuntai's own solver is used, which takes longer for large plans."
              .formatted(platform()));
    }
    try {
      Path folder = Files.createTempDirectory("yuntai-ortools-");
      copy(main.toURI(), folder);
      return new NativeLibrary(folder);
    } catch (IOException | java.net.URISyntaxException e) {
      throw new SolverFailure(
          "OR-Tools could not be unpacked into the folder for temporary files (%s): make 100 MB of room there, or point -Djava.io.tmpdir elsewhere."
              .formatted(e.getMessage()));
    }
  }

  private static void copy(URI main, Path folder) throws IOException {
    if (main.getScheme().equals("file")) {
      copyAll(Path.of(main).resolveSibling("."), folder);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(main, Map.of())) {
      copyAll(jar.getPath("/" + resource()), folder);
    }
  }

  private static void copyAll(Path from, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(from)) {
      files = list.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        Files.copy(
            in, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** What the process has to load. */
  Path main() {
    return folder.resolve(MAIN);
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException _) {
      // Left for whoever cleans temporary files: nothing of the user's is in it.
    }
  }
}
