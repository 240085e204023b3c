package io.yuntai.engine.checkpoint;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A checkpoint's weights: {@code model.safetensors}, or the files that {@code
 * model.safetensors.index.json} lists ({@code {"weight_map":{"tensor":"file"}}}).
 */
final class WeightFiles implements AutoCloseable {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final long MAX_INDEX_BYTES = 64 << 20;
  private static final int MAX_FILES = 4096;

  /** A name in the checkpoint's own folder. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,250}");

  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private WeightFiles() {}

  /**
   * Maps all files.
   *
   * @throws ModelFormatException for a file that is missing or damaged, or an index that does not
   *     fit its files
   */
  static WeightFiles open(Path folder) throws IOException {
    WeightFiles weights = new WeightFiles();
    try {
      if (Files.isRegularFile(folder.resolve(INDEX))) {
        weights.openListed(folder);
      } else if (Files.isRegularFile(folder.resolve(SINGLE))) {
        weights.add(folder.resolve(SINGLE)).tensors().forEach(weights.tensors::put);
      } else {
        throw new ModelFormatException(
            "it has neither %s nor %s; other forms of weights, such as pytorch_model.bin, are not read"
                .formatted(SINGLE, INDEX));
      }
      return weights;
    } catch (IOException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** Names of the files that an index lists, in its order. */
  static List<String> listed(Fields index) {
    Fields map = index.object("weight_map").orElseThrow(() -> index.refuse("lists no weight_map"));
    List<String> names =
        map.values().keySet().stream()
            .map(tensor -> map.text(tensor).orElse(""))
            .distinct()
            .toList();
    for (String name : names) {
      if (!FILE_NAME.matcher(name).matches()) {
        throw index.refuse(
            "names the file '" + name + "', which is not in the checkpoint's folder");
      }
    }
    if (names.isEmpty() || names.size() > MAX_FILES) {
      throw index.refuse("lists %d files; 1 to %d are read".formatted(names.size(), MAX_FILES));
    }
    return names;
  }

  private void openListed(Path folder) throws IOException {
    Fields index = Fields.read(folder, INDEX, MAX_INDEX_BYTES).orElseThrow();
    Map<String, SafetensorsFile> byName = new LinkedHashMap<>();
    for (String name : listed(index)) {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw index.refuse("lists %s, which is missing: put it beside the index".formatted(name));
      }
      byName.put(name, add(file));
    }
    Fields map = index.object("weight_map").orElseThrow();
    for (String tensor : map.values().keySet()) {
      String name = map.text(tensor).orElseThrow();
      SafetensorsFile file = byName.get(name);
      if (file == null || file.find(tensor).isEmpty()) {
        throw index.refuse(
            "says that %s has tensor %s in F32, F16 or BF16, but it has not; fetch it again"
                .formatted(name, tensor));
      }
      tensors.put(tensor, file.tensor(tensor));
    }
  }

  private SafetensorsFile add(Path path) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(path);
    files.add(file);
    return file;
  }

  /** All tensors by their published names; the dimension that varies fastest is first. */
  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
