package io.yuntai.models.catalog;

import io.yuntai.models.catalog.ModelReference.HubFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code catalog.json}: {@code
 * {"models":[{"name","description","licence","kind","context_tokens","pin","sources"}]}}, where
 * {@code kind} may be missing for chat, {@code pin} is null or {@code {"size_bytes","sha256"}}, and
 * a source is a reference, {@code {"joined":[references]}}, {@code
 * {"checkpoint":"folder","files":[paths]}} or {@code {"split":"first file"}}, the last in the
 * {@code -00001-of-00012} naming that GGUF and safetensors share.
 */
final class CatalogReader {

  private CatalogReader() {}

  /**
   * The catalogue in the jar; it was checked by a test, so what is wrong with it is a fault of the
   * build.
   */
  static List<CatalogEntry> readResource() {
    try (InputStream in =
        Objects.requireNonNull(CatalogReader.class.getResourceAsStream("catalog.json"))) {
      return read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IllegalArgumentException if an entry is not as described
   */
  static List<CatalogEntry> read(byte[] json) {
    List<CatalogEntry> entries = new ArrayList<>();
    for (JsonNode model : JsonMapper.builder().build().readTree(json).required("models").values()) {
      List<CatalogSource> sources =
          model.required("sources").values().stream().map(CatalogReader::source).toList();
      entries.add(
          new CatalogEntry(
              model.required("name").asString(),
              model.required("description").asString(),
              model.required("licence").asString(),
              model.path("kind").asString(CatalogEntry.CHAT),
              model.required("context_tokens").asInt(),
              pin(model.required("pin")),
              sources));
    }
    return entries;
  }

  private static @Nullable Pin pin(JsonNode node) {
    return node.isNull()
        ? null
        : new Pin(node.required("size_bytes").asLong(), node.required("sha256").asString());
  }

  private static CatalogSource source(JsonNode node) {
    if (node.isString()) {
      return new CatalogSource.Single(ModelReference.parse(node.asString()));
    }
    if (node.has("joined")) {
      return new CatalogSource.Joined(
          node.required("joined").values().stream()
              .map(part -> ModelReference.parse(part.asString()))
              .toList());
    }
    if (node.has("checkpoint")) {
      String folder = node.required("checkpoint").asString();
      List<String> paths =
          node.required("files").values().stream().map(path -> path.asString()).toList();
      return new CatalogSource.Checkpoint(
          paths.stream().map(path -> ModelReference.parse(folder + "/" + path)).toList(), paths);
    }
    return new CatalogSource.Split(splitFiles(node.required("split").asString()));
  }

  private static List<ModelReference> splitFiles(String first) {
    if (!(ModelReference.parse(first) instanceof HubFile hub)) {
      throw new IllegalArgumentException(first + " is not on a hub");
    }
    return List.copyOf(SplitFiles.of(hub));
  }
}
