package io.yuntai.models.testing;

import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.catalog.ModelReference;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.models.pull.PullException;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pulls one model in a process of its own: {@code HOME REFERENCE}; prints events and the end, and
 * exits 1 if it failed.
 */
public final class PullMain {
  private PullMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Catalog catalog = Catalog.load();
    ModelStore store = new ModelStore(Path.of(arguments[0]), catalog);
    try {
      Puller puller = new Puller(store, catalog, System.getenv());
      puller.pull(ModelReference.parse(arguments[1]), PullMain::print);
    } catch (PullException e) {
      System.out.println("failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void print(PullEvent event) {
    System.out.println(event);
  }

  /**
   * Starts such a process with this one's class path.
   *
   * @param prefix what runs it, such as a shell that sets limits; may be empty
   */
  public static Process start(
      List<String> prefix, Path home, String reference, Map<String, String> environment, Path log)
      throws IOException {
    List<String> line = new ArrayList<>(prefix);
    line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    line.addAll(List.of("-Xmx128m", "-XX:-UsePerfData", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.addAll(List.of(PullMain.class.getName(), home.toString(), reference));
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C"); // The system's messages are compared.
    return builder.start();
  }
}
