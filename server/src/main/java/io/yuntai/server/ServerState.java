package io.yuntai.server;

import io.yuntai.server.gateway.Routing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is ready, as other processes of the same user see it: the file {@code
 * run/server.json}, there exactly as long as the server takes requests.
 *
 * @param url base address, such as {@code http://127.0.0.1:8460}
 * @param pid its process
 * @param processStartMillis when that process started, since the epoch: tells it from a later one
 *     with the same number
 * @param readyMillis when it became ready, since the epoch
 * @param models what it serves
 * @param kernel the engine's kernel, such as {@code vector-512}
 * @param database for people
 * @param operatorToken a key for this machine's commands, valid as long as the server runs; secret
 */
public record ServerState(
    String url,
    long pid,
    long processStartMillis,
    long readyMillis,
    List<ServedModel> models,
    String kernel,
    String database,
    String operatorToken) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SIZE_MAX_BYTES = 1 << 20;

  /**
   * A model that is loaded.
   *
   * @param name what requests call it
   * @param file its file
   * @param kind what it is for: chat, embedding or rerank
   */
  public record ServedModel(String name, String file, String kind) {}

  /** Copies the list. */
  public ServerState {
    models = List.copyOf(models);
  }

  /**
   * This process's, ready now.
   *
   * @param models that are loaded
   * @param routes names that others answer
   */
  static ServerState of(
      String url,
      List<LocalModel> models,
      List<Routing.Listed> routes,
      String database,
      String operatorToken) {
    Stream<ServedModel> loaded =
        models.stream()
            .map(model ->
                new ServedModel(
                    model.name(), model.stored().file().toString(), model.kind().label()));
    return new ServerState(
        url,
        ProcessHandle.current().pid(),
        ownStartMillis(),
        Instant.now().toEpochMilli(),
        Stream.concat(
                loaded, routes.stream().map(route -> new ServedModel(route.name(), "", "route")))
            .toList(),
        models.isEmpty() ? "none" : models.getFirst().kernel(),
        database,
        operatorToken);
  }

  /** The running server of a home; empty when none runs, whatever a killed one left. */
  public static Optional<ServerState> find(HomeDirectory home) {
    try {
      Path file = home.stateFile();
      if (Files.size(file) > SIZE_MAX_BYTES) {
        return Optional.empty();
      }
      ServerState state = JSON.readValue(Files.readAllBytes(file), ServerState.class);
      return Optional.of(state).filter(ServerState::isAlive);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | JacksonException e) {
      // Not written by a server of this version, or not readable: then it is not a server of ours.
      return Optional.empty();
    }
  }

  /** Whether the process that wrote this still runs. */
  public boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> start.toEpochMilli() == processStartMillis)
        .orElse(false);
  }

  /** When this process started, since the epoch. */
  static long ownStartMillis() {
    return ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
  }

  /**
   * Writes the file in one step, for its owner's eyes only.
   *
   * @throws StartException when that can't be done
   */
  void write(HomeDirectory home) {
    Path file = home.stateFile();
    try {
      OwnerOnlyFiles.write(file, JSON.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new StartException("The state file " + file + " can't be written: " + e, e);
    }
  }

  /**
   * Removes the file; from then on the server is not found.
   *
   * @throws StartException when that can't be done
   */
  static void remove(HomeDirectory home) {
    try {
      Files.deleteIfExists(home.stateFile());
    } catch (IOException e) {
      throw new StartException("The state file " + home.stateFile() + " can't be removed: " + e, e);
    }
  }

  /** Without the secret, so that it can't slip into a log. */
  @Override
  public String toString() {
    return "ServerState[url=" + url + ", pid=" + pid + "]";
  }
}
