package io.yuntai.models.store;

import io.yuntai.models.catalog.SplitFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code model.json} beside a model's file. Fields: name, file, size_bytes, sha256, pinned,
 * pulled_at, source.
 */
final class ModelDescription {
  private static final String FILE_NAME = "model.json";
  private static final long BYTES_MAX = 64 << 10;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ModelDescription() {}

  static void write(Path folder, StoredModel model) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", model.name());
    node.put("file", String.valueOf(model.file().getFileName()));
    node.put("size_bytes", model.sizeBytes());
    node.put("sha256", model.sha256());
    node.put("pinned", model.pinned());
    node.put("pulled_at", String.valueOf(model.pulledAt()));
    node.put("source", model.source());
    Files.writeString(
        folder.resolve(FILE_NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
  }

  /**
   * The model in a folder; empty unless the description can be read and the file has the size that
   * it says.
   */
  static Optional<StoredModel> read(Path folder) {
    Path description = folder.resolve(FILE_NAME);
    try {
      if (!Files.isRegularFile(description) || Files.size(description) > BYTES_MAX) {
        return Optional.empty();
      }
      JsonNode node = JSON.readTree(Files.readAllBytes(description));
      Path name = Path.of(node.path("file").asString("")).getFileName();
      Path file = folder.resolve(String.valueOf(name));
      long sizeBytes = node.path("size_bytes").asLong(-1);
      if (sizeOf(file) != sizeBytes) {
        return Optional.empty();
      }
      return Optional.of(
          new StoredModel(
              node.path("name").asString(""),
              file,
              sizeBytes,
              node.path("sha256").asString(""),
              node.path("pinned").asBoolean(false),
              Instant.parse(node.path("pulled_at").asString("")),
              node.path("source").asString(""),
              true));
    } catch (IOException | JacksonException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Of all files of a model; -2 where one is missing. */
  private static long sizeOf(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    long bytes = 0;
    for (String part : SplitFiles.names(name, SplitFiles.count(name))) {
      Path path = file.resolveSibling(part);
      if (!Files.isRegularFile(path)) {
        return -2;
      }
      bytes += Files.size(path);
    }
    return bytes;
  }
}
