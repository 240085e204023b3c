package io.yuntai.acceptance;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged product as its user has it: the checkout's yuntai script, run as a process with a
 * home of its own.
 *
 * @param home Yuntai's home, and the working folder
 */
public record Yuntai(Path home) {
  private static final int TIMEOUT_SECONDS = 180;

  /** What a command left. */
  public record Outcome(int exitCode, String out, String err) {}

  /** In a new home below the build's folder, with these models as if they had been pulled there. */
  public static Yuntai withModels(String... models) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(RealModels.ROOT.resolve("acceptance/target/homes"));
    Path home = Files.createTempDirectory(folder, "home");
    RealModels.share(home, models);
    return new Yuntai(home);
  }

  /** Runs a command to its end, without input and without a terminal. */
  public Outcome run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), new File("/dev/null"), arguments);
  }

  /** Runs a command to its end, with these additions to its environment and this input. */
  public Outcome run(Map<String, String> environment, File input, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "command", ".out");
    Path err = Files.createTempFile(home, "command", ".err");
    List<String> command = new ArrayList<>();
    command.add(RealModels.ROOT.resolve("yuntai").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectInput(input)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("YUNTAI_HOME", home.toString());
    builder.environment().put("YUNTAI_NO_BUILD", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "yuntai %s has not ended within %d s; it said: %s%s"
              .formatted(
                  String.join(" ", arguments),
                  TIMEOUT_SECONDS,
                  Files.readString(out),
                  Files.readString(err)));
    }
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Runs a command that must succeed; gives its standard output. */
  public String result(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    if (outcome.exitCode() != 0) {
      throw new AssertionError("yuntai " + String.join(" ", arguments) + ": " + outcome);
    }
    return outcome.out();
  }

  /**
   * Where a server listens.
   *
   * @param key that its first start gave out
   * @param signIn the link for its first owner
   */
  public record Server(String url, long pid, String key, String signIn) {}

  /**
   * Starts a server with these models, or with none, on a free port, in the background; returns
   * when it is ready.
   */
  public Server up(String... models) throws IOException, InterruptedException {
    JsonNode json = start(0, models);
    return new Server(
        json.get("url").stringValue(),
        json.get("pid").longValue(),
        json.get("key").stringValue(),
        json.get("sign_in").stringValue());
  }

  /** Starts it again where it listened before. */
  public Server upAgain(Server before, String... models) throws IOException, InterruptedException {
    JsonNode json = start(URI.create(before.url()).getPort(), models);
    return new Server(
        json.get("url").stringValue(), json.get("pid").longValue(), before.key(), before.signIn());
  }

  private JsonNode start(int port, String... models) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--detach", "--port", Integer.toString(port), "--json"));
    for (String model : models) {
      arguments.addAll(List.of("--model", model));
    }
    if (models.length == 0) {
      arguments.add("--no-model");
    }
    return JsonMapper.shared().readTree(result(arguments.toArray(String[]::new)));
  }

  /** Stops the server, whatever state it is in. */
  public void down() throws IOException, InterruptedException {
    result("down", "--force");
  }

  /** Deletes the home. Only after a success: what a failed test left there tells why. */
  public void delete() throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(home)) {
      paths = all.toList();
    }
    for (Path each : paths.reversed()) {
      Files.delete(each);
    }
  }
}
