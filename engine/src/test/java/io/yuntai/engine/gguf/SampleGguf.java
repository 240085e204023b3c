package io.yuntai.engine.gguf;

import io.yuntai.engine.quant.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Small GGUF files for tests, and the plain form of what is in them. */
final class SampleGguf {
  /** What one file was made of. */
  record Contents(Map<String, MetadataValue> metadata, List<Tensor> tensors) {
    byte[] bytes() {
      GgufWriter writer = new GgufWriter();
      metadata.forEach(writer::put);
      for (Tensor tensor : tensors) {
        writer.tensor(tensor.name, tensor.type, tensor.shape, MemorySegment.ofArray(tensor.data));
      }
      return SampleGguf.bytes(writer);
    }
  }

  record Tensor(String name, TensorType type, List<Long> shape, byte[] data) {}

  private SampleGguf() {}

  static byte[] bytes(GgufWriter writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Every metadata type, arrays of every type and a nested one, and five kinds of tensors. */
  static Contents full() {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", MetadataValue.text("llama"));
    metadata.put("general.name", MetadataValue.text("小さい \"sample\"\n"));
    metadata.put("general.alignment", MetadataValue.uint32(64));
    for (MetadataType type : MetadataType.values()) {
      if (type == MetadataType.ARRAY) {
        continue;
      }
      metadata.put("one." + type, sample(type, 1));
      metadata.put(
          "many." + type, MetadataValue.array(type, List.of(sample(type, 0), sample(type, 2))));
    }
    MetadataValue.Array inner = MetadataValue.array(MetadataType.UINT8, List.of());
    metadata.put(
        "nested", MetadataValue.array(MetadataType.ARRAY, List.of(inner, MetadataValue.ints(7))));
    metadata.put("split.count", MetadataValue.uint32(0));

    List<Tensor> tensors = new ArrayList<>();
    tensors.add(tensor("token_embd.weight", TensorType.Q6_K, List.of(256L, 2L)));
    tensors.add(tensor("blk.0.attn_q.weight", TensorType.Q4_0, List.of(32L, 3L)));
    tensors.add(tensor("blk.0.attn_q.bias", TensorType.F32, List.of(5L)));
    tensors.add(tensor("blk.0.ffn_gate_exps.weight", TensorType.F16, List.of(2L, 3L, 2L)));
    tensors.add(tensor("odd", TensorType.MXFP4, List.of(32L, 1L, 1L, 2L)));
    return new Contents(metadata, tensors);
  }

  private static MetadataValue sample(MetadataType type, int value) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
          new MetadataValue.Whole(type, value);
      case FLOAT32, FLOAT64 -> new MetadataValue.Real(type, value / 4.0);
      case BOOL -> MetadataValue.flag(value > 0);
      case STRING -> MetadataValue.text("text " + value);
      case ARRAY -> throw new IllegalArgumentException("not a single value");
    };
  }

  private static Tensor tensor(String name, TensorType type, List<Long> shape) {
    byte[] data = new byte[(int) type.bytes(shape.stream().reduce(1L, Math::multiplyExact))];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (31 * i);
    }
    return new Tensor(name, type, shape, data);
  }

  /** A file of random metadata and tensors. */
  static Contents random(RandomGenerator random) {
    Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      metadata.put("general.alignment", MetadataValue.uint32(8L << random.nextInt(6)));
    }
    int keys = random.nextInt(12);
    for (int i = 0; i < keys; i++) {
      metadata.put("key." + i + randomText(random), randomValue(random, randomType(random), 1));
    }
    List<Tensor> tensors = new ArrayList<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      TensorType type = any(List.of(TensorType.values()), random);
      List<Long> shape = new ArrayList<>();
      shape.add((long) type.elementsPerBlock() * random.nextInt(1, 4));
      while (shape.size() < 4 && random.nextBoolean()) {
        shape.add(random.nextLong(1, 5));
      }
      byte[] data = new byte[(int) type.bytes(shape.stream().reduce(1L, Math::multiplyExact))];
      random.nextBytes(data);
      tensors.add(new Tensor("tensor " + i + randomText(random), type, shape, data));
    }
    return new Contents(metadata, tensors);
  }

  private static MetadataType randomType(RandomGenerator random) {
    return any(List.of(MetadataType.values()), random);
  }

  private static <T> T any(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static MetadataValue randomValue(RandomGenerator random, MetadataType type, int depth) {
    long bits = random.nextLong();
    return switch (type) {
      case UINT8 -> new MetadataValue.Whole(type, bits & 0xff);
      case INT8 -> new MetadataValue.Whole(type, (byte) bits);
      case UINT16 -> new MetadataValue.Whole(type, bits & 0xffff);
      case INT16 -> new MetadataValue.Whole(type, (short) bits);
      case UINT32 -> new MetadataValue.Whole(type, bits & 0xffff_ffffL);
      case INT32 -> new MetadataValue.Whole(type, (int) bits);
      case UINT64, INT64 -> new MetadataValue.Whole(type, bits);
      case FLOAT32 -> MetadataValue.float32(random.nextFloat(-10, 10));
      case FLOAT64 -> new MetadataValue.Real(type, random.nextGaussian());
      case BOOL -> MetadataValue.flag(random.nextBoolean());
      case STRING -> MetadataValue.text(randomText(random));
      case ARRAY -> randomArray(random, depth);
    };
  }

  private static MetadataValue.Array randomArray(RandomGenerator random, int depth) {
    MetadataType elementType = randomType(random);
    List<MetadataValue> elements = new ArrayList<>();
    int length = depth < MetadataReader.MAX_ARRAY_DEPTH ? random.nextInt(6) : 0;
    for (int i = 0; i < length; i++) {
      elements.add(randomValue(random, elementType, depth + 1));
    }
    return MetadataValue.array(elementType, elements);
  }

  /** Up to twelve characters from one to four UTF-8 bytes long, none of them a control one. */
  private static String randomText(RandomGenerator random) {
    int[] alphabet = {'a', 'Z', ' ', '"', '\\', 0xe9, 0x2581, 0x4e91, 0xfffd, 0x1f600};
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }
}
