package io.yuntai.engine.quantize;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.gguf.MetadataValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that is to be written anew.
 *
 * @param name for messages: its file's or folder's
 * @param metadata as the new file is to have it
 * @param tensors in the order of the new file
 * @param files what the tensors are read from; closed with it
 */
public record SourceModel(
    String name,
    Map<String, MetadataValue> metadata,
    List<SourceTensor> tensors,
    AutoCloseable files)
    implements AutoCloseable {
  public SourceModel {
    metadata = new LinkedHashMap<>(metadata);
    tensors = List.copyOf(tensors);
  }

  /** An open GGUF file, in one part or several; closed with the result. */
  public static SourceModel of(GgufFile file) {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>(file.metadata().values());
    metadata.keySet().removeIf(key -> key.startsWith("split."));
    return new SourceModel(
        file.name(), metadata, file.tensors().stream().map(SourceTensor::of).toList(), file);
  }

  /** The metadata, read by type. */
  Metadata typedMetadata() {
    return new Metadata(name, metadata);
  }

  /** Whether it has a tensor of this name. */
  boolean has(String tensor) {
    return tensors.stream().anyMatch(each -> each.name().equals(tensor));
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("closing mapped files can't fail", e);
    }
  }
}
