package io.yuntai.engine.checkpoint;

import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.quant.TensorType;
import io.yuntai.engine.quantize.SourceTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metadata of a model under construction, with tensors that come from settings. */
final class Description {
  private final String architecture;
  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  private final List<SourceTensor> tensors = new ArrayList<>();

  Description(String architecture) {
    this.architecture = architecture;
  }

  Map<String, MetadataValue> metadata() {
    return metadata;
  }

  List<SourceTensor> tensors() {
    return tensors;
  }

  /** Any key, in full. */
  void put(String key, MetadataValue value) {
    metadata.put(key, value);
  }

  /** A whole number of the architecture. */
  void number(String key, long value) {
    put(architecture + "." + key, MetadataValue.uint32(value));
  }

  void real(String key, double value) {
    put(architecture + "." + key, MetadataValue.float32((float) value));
  }

  void flag(String key, boolean value) {
    put(architecture + "." + key, MetadataValue.flag(value));
  }

  void text(String key, String value) {
    put(architecture + "." + key, MetadataValue.text(value));
  }

  /** A vector of F32. */
  void vector(String name, float[] values) {
    tensors.add(
        new SourceTensor(
            name,
            TensorType.F32,
            List.of((long) values.length),
            (first, count, target) -> System.arraycopy(values, 0, target, 0, values.length),
            null));
  }
}
