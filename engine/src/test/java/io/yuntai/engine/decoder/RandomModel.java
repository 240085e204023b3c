package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.GgufWriter;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.kernel.RandomTensors;
import io.yuntai.engine.quant.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes a small GGUF file of random weights, key by key and tensor by tensor. */
final class RandomModel {
  private final String architecture;
  private final Random random;
  private final GgufWriter writer = new GgufWriter();

  RandomModel(String architecture, long seed) {
    this.architecture = architecture;
    this.random = new Random(seed);
    writer.put("general.architecture", MetadataValue.text(architecture));
  }

  RandomModel put(String key, int value) {
    writer.put(architecture + "." + key, MetadataValue.uint32(value));
    return this;
  }

  RandomModel put(String key, float value) {
    writer.put(architecture + "." + key, MetadataValue.float32(value));
    return this;
  }

  RandomModel put(String key, boolean value) {
    writer.put(architecture + "." + key, MetadataValue.flag(value));
    return this;
  }

  RandomModel put(String key, String value) {
    writer.put(architecture + "." + key, MetadataValue.text(value));
    return this;
  }

  /** A key in full. */
  RandomModel put(String key, MetadataValue value) {
    writer.put(key, value);
    return this;
  }

  /** Numbers around 1, as norms are. */
  RandomModel norm(String name, int length) {
    return numbers(name, 1, 0.2, length);
  }

  /** Numbers around 0. */
  RandomModel bias(String name, int length) {
    return numbers(name, 0, 0.3, length);
  }

  /** Positive numbers. */
  RandomModel factors(String name, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 1 + random.nextFloat() * 3;
    }
    writer.tensor(name, List.of((long) length), values);
    return this;
  }

  /** F32 weights that keep the size of what they are multiplied with. */
  RandomModel matrix(String name, int columns, int... others) {
    int[] shape = new int[others.length + 1];
    shape[0] = columns;
    System.arraycopy(others, 0, shape, 1, others.length);
    return numbers(name, 0, 1 / Math.sqrt(columns), shape);
  }

  /** Blocks of random bits; F32 where the type is that. */
  RandomModel matrix(TensorType type, String name, int columns, int... others) {
    if (type == TensorType.F32) {
      return matrix(name, columns, others);
    }
    int rows = Arrays.stream(others).reduce(1, Math::multiplyExact);
    long[] shape = new long[others.length + 1];
    shape[0] = columns;
    for (int i = 0; i < others.length; i++) {
      shape[i + 1] = others[i];
    }
    writer.tensor(
        name,
        type,
        Arrays.stream(shape).boxed().toList(),
        RandomTensors.matrix(type, rows, columns, random).data());
    return this;
  }

  private RandomModel numbers(String name, double mean, double deviation, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    writer.tensor(name, Arrays.stream(shape).mapToObj(Long::valueOf).toList(), values);
    return this;
  }

  Path write(Path file) {
    try {
      writer.write(file);
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
