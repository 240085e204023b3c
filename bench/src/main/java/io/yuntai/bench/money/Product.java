package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The product as a user starts it: the {@code yuntai} script, a home and a route to an upstream.
 */
final class Product implements AutoCloseable {
  private static final Duration START_MOST = Duration.ofMinutes(2);
  private static final Duration COMMAND_MOST = Duration.ofMinutes(9);
  private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]+)\"");

  private final Path launcher;
  private final Path home;
  private final int port;
  private @Nullable Process server;

  /**
   * @param launcher the script
   * @param home an empty folder, or one that an earlier run has left
   * @param port where it is to listen
   * @param upstreamPort where an OpenAI-compatible upstream listens that has the model {@code mock}
   */
  Product(Path launcher, Path home, int port, int upstreamPort) {
    this.launcher = launcher;
    this.home = home;
    this.port = port;
    String toml =
        """
        [upstreams.mock]
        kind = "openai-compatible"
        url = "http://127.0.0.1:%d/v1"

        [routes.mock]
        [[routes.mock.targets]]
        upstream = "mock"
        model = "mock"
        """
            .formatted(upstreamPort);
    try {
      Files.writeString(home.resolve("yuntai.toml"), toml);
    } catch (IOException e) {
      throw new BenchException(home + " can't be written: " + e.getMessage(), e);
    }
  }

  int port() {
    return port;
  }

  Path home() {
    return home;
  }

  /** The server's process; 0 while there is none. */
  long pid() {
    Process process = server;
    return process == null ? 0 : process.pid();
  }

  /** The key that the first start has printed. */
  String firstKey() throws IOException {
    Matcher key = KEY.matcher(Files.readString(home.resolve("up.json")));
    if (!key.find()) {
      throw new BenchException("The first start printed no key.");
    }
    return key.group(1);
  }

  /** Starts it; returns when it answers. */
  void start() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(launcher.toString(), "up", "--no-model", "--json"));
    command.addAll(List.of("--config", home.resolve("yuntai.toml").toString()));
    command.addAll(List.of("--home", home.toString(), "--port", Integer.toString(port)));
    Path out = home.resolve("up.json");
    try {
      Files.deleteIfExists(out);
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(home.resolve("up.log").toFile())
              .start();
      server = process;
      long until = System.nanoTime() + START_MOST.toNanos();
      while (!Files.readString(out).contains("\"url\"")) {
        if (!process.isAlive() || System.nanoTime() > until) {
          throw new BenchException(
              "The server did not start: " + Files.readString(home.resolve("up.log")));
        }
        LockSupport.parkNanos(50_000_000);
      }
    } catch (IOException e) {
      throw new BenchException("The server can't be started: " + e.getMessage(), e);
    }
  }

  /** Kills the server's process and, where wanted, its database's, with SIGKILL. */
  void kill(boolean gateway, boolean database) {
    Process process = server;
    if (process == null) {
      return;
    }
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    for (ProcessHandle one : family) {
      boolean postgres = one.info().command().orElse("").contains("postgres");
      if (postgres ? database : gateway) {
        one.destroyForcibly();
      }
    }
    if (gateway) {
      process.onExit().join();
    }
  }

  /** Runs a command of the product to its end; returns what it printed. */
  String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", home.toString()));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(COMMAND_MOST.toSeconds(), TimeUnit.SECONDS)
          || process.exitValue() != 0) {
        throw new BenchException(String.join(" ", command) + " failed: " + out);
      }
      return out;
    } catch (IOException e) {
      throw new BenchException(launcher + " can't be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  /** A prepaid tenant whose every token costs a hundredth, input and output. */
  void tenant(String name) throws IOException {
    run("tenants", "create", name, "--currency", "CNY", "--credit", "1000000");
    prices(name);
  }

  /** The same, paying afterwards. */
  void postpaid(String name) throws IOException {
    run("tenants", "create", name, "--currency", "CNY");
    prices(name);
  }

  private void prices(String name) throws IOException {
    Path prices = home.resolve("prices.csv");
    Files.writeString(prices, "model,input,output\n*,10000,10000\n");
    run("prices", "import", prices.toString(), "--name", name, "--currency", "CNY");
    run("prices", "publish", name);
    run("prices", "use", name, "--tenant", name);
  }

  /** A key of a tenant, with this budget. */
  String key(String tenant, String name, String budget) {
    Matcher key =
        KEY.matcher(run("keys", "create", name, "--tenant", tenant, "--budget", budget, "--json"));
    if (!key.find()) {
      throw new BenchException("no key was made for " + name);
    }
    return key.group(1);
  }

  @Override
  public void close() {
    stop();
  }

  /** Stops the server, as a user would; commands go on to work. */
  void stop() {
    Process process = server;
    if (process != null && process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          kill(true, true);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill(true, true);
      }
    }
  }
}
