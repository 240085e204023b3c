package io.yuntai.cli.doctor;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.PortHolder;
import io.yuntai.server.ServerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What a start uses beyond the machine: port, database, sources of models, the right time. */
final class ServiceChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CLOCK_ERROR_MAX = Duration.ofMinutes(2);

  private ServiceChecks() {}

  static Finding port(HomeDirectory home, int port) {
    Optional<ServerState> server = ServerState.find(home);
    if (server.isPresent()) {
      return Finding.ok("port", "the server of this home runs at " + server.get().url());
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Finding.ok("port", port + " is free");
    } catch (IOException e) {
      OptionalLong holder = PortHolder.find(port);
      return Finding.problem(
          "port",
          port + " is taken" + (holder.isPresent() ? " by process " + holder.getAsLong() : ""),
          "stop that program, or start with --port");
    }
  }

  /** The running server's database, or a real start of it; a home without one is left without. */
  static Finding database(HomeDirectory home, Map<String, String> environment) {
    try {
      DatabaseOptions options = DatabaseOptions.of(home.path(), environment);
      if (options instanceof DatabaseOptions.Embedded
          && !Files.isDirectory(home.path().resolve("postgres"))) {
        return Finding.ok("database", "none in this home yet; the first start makes it");
      }
      try (Database database = Database.connectOrOpen(options)) {
        return Finding.ok("database", database.description());
      }
    } catch (DatabaseException e) {
      return Finding.problem(
          "database", String.valueOf(e.getMessage()), "look into " + home.logs());
    }
  }

  /** Whether models can be fetched: the hubs, and pip. The first hub's clock is compared, too. */
  static List<Finding> sourcesAndClock(Map<String, String> environment)
      throws InterruptedException {
    Optional<Instant> theirs = Optional.empty();
    Instant ours = Instant.now();
    StringBuilder reached = new StringBuilder();
    StringBuilder missed = new StringBuilder();
    for (Hub hub : hubs(environment)) {
      Instant before = Instant.now();
      Optional<Instant> time = hub.time();
      (time.isPresent() ? reached : missed).append(' ').append(hub.name());
      if (time.isPresent() && theirs.isEmpty()) {
        theirs = time;
        ours = before;
      }
    }
    Optional<String> pip = pip();
    (pip.isPresent() ? reached : missed).append(" pip");
    Finding sources =
        reached.isEmpty()
            ? Finding.warning(
                "sources",
                "not reachable:" + missed,
                "models that are here still run; check the network, or HTTPS_PROXY")
            : Finding.ok(
                "sources",
                "reachable:" + reached + (missed.isEmpty() ? "" : "; not reachable:" + missed));
    return List.of(sources, clock(ours, theirs));
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // what the hubs said, if they did
  private static Finding clock(Instant ours, Optional<Instant> theirs) {
    if (theirs.isEmpty()) {
      return Finding.ok("clock", ours + ", not compared with another");
    }
    Duration error = Duration.between(theirs.get(), ours).abs();
    return error.compareTo(CLOCK_ERROR_MAX) > 0
        ? Finding.warning(
            "clock",
            ours + " is " + error.toSeconds() + " s off",
            "set it: keys that expire and TLS certificates depend on it")
        : Finding.ok("clock", ours.toString());
  }

  private record Hub(String name, String address) {
    /** Its time; empty when it can't be reached. Any answer will do. */
    Optional<Instant> time() throws InterruptedException {
      try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
        HttpResponse<Void> response =
            client.send(
                HttpRequest.newBuilder(URI.create(address)).HEAD().timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.discarding());
        String date = response.headers().firstValue("date").orElse("");
        return Optional.of(
            ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      } catch (DateTimeParseException e) {
        return Optional.of(Instant.now()); // reached, but without a clock
      } catch (IOException | IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private static List<Hub> hubs(Map<String, String> environment) {
    return List.of(
        new Hub("hf://", environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co")),
        new Hub(
            "modelscope://",
            "https://" + environment.getOrDefault("MODELSCOPE_DOMAIN", "modelscope.cn")));
  }

  private static Optional<String> pip() throws InterruptedException {
    for (List<String> command :
        List.of(List.of("pip3", "--version"), List.of("python3", "-m", "pip", "--version"))) {
      if (works(command)) {
        return Optional.of(command.getFirst());
      }
    }
    return Optional.empty();
  }

  private static boolean works(List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // not installed under this name
    }
  }
}
