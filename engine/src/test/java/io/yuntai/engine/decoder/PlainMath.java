package io.yuntai.engine.decoder;

import io.yuntai.engine.gguf.GgufFile;
import io.yuntai.engine.gguf.TensorInfo;
import io.yuntai.engine.quant.Dequantizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * The arithmetic of transformers in plain double loops over whole sequences, in the way of a NumPy
 * script: what the engine's families are judged by. It shares nothing with the decoder but the
 * reading of files.
 */
final class PlainMath {
  private final GgufFile file;

  PlainMath(Path file) {
    try {
      this.file = GgufFile.open(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String name) {
    return file.findTensor(name).isPresent();
  }

  /** All elements of a tensor. */
  double[] tensor(String name) {
    TensorInfo tensor = file.tensor(name);
    float[] values = new float[(int) (tensor.rows() * tensor.columns())];
    Dequantizer.dequantize(tensor.type(), tensor.data(), 0, values.length, values, 0);
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  double[][] embed(int[] tokens, int width, double scale) {
    double[] table = tensor("token_embd.weight");
    double[][] rows = new double[tokens.length][width];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < width; i++) {
        rows[t][i] = table[tokens[t] * width + i] * scale;
      }
    }
    return rows;
  }

  /** One row times a matrix. */
  double[] linear(double[] x, String name) {
    return linear(x, tensor(name), 0, (int) file.tensor(name).rows());
  }

  /** One row times some rows of a matrix. */
  static double[] linear(double[] x, double[] weights, int firstRow, int rows) {
    double[] y = new double[rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < x.length; c++) {
        y[r] += weights[(firstRow + r) * x.length + c] * x[c];
      }
    }
    return y;
  }

  double[] norm(double[] x, String name) {
    return norm(x, 0, x.length, tensor(name));
  }

  /** Normalises some elements; the rest is left out. */
  static double[] norm(double[] x, int from, int length, double[] weights) {
    double squares = 0;
    for (int i = 0; i < length; i++) {
      squares += x[from + i] * x[from + i];
    }
    double root = Math.sqrt(squares / length + 1e-6);
    double[] y = new double[length];
    for (int i = 0; i < length; i++) {
      y[i] = x[from + i] / root * weights[i];
    }
    return y;
  }

  static double[] add(double[] x, double[] y) {
    double[] sum = x.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += y[i];
    }
    return sum;
  }

  static double[] scaled(double[] x, double factor) {
    return Arrays.stream(x).map(value -> value * factor).toArray();
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double silu(double x) {
    return x * sigmoid(x);
  }

  static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  static double[] softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double[] e = Arrays.stream(x).map(value -> Math.exp(value - max)).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(value -> value / sum).toArray();
  }

  /** Rotates the first {@code 2 * pairs} elements of a head that starts at {@code from}. */
  static void rotate(
      double[] x, int from, int pairs, boolean adjacent, IntToDoubleFunction angle, double size) {
    for (int i = 0; i < pairs; i++) {
      int a = from + (adjacent ? 2 * i : i);
      int b = adjacent ? a + 1 : a + pairs;
      double cos = Math.cos(angle.applyAsDouble(i)) * size;
      double sin = Math.sin(angle.applyAsDouble(i)) * size;
      double first = x[a] * cos - x[b] * sin;
      x[b] = x[a] * sin + x[b] * cos;
      x[a] = first;
    }
  }

  /**
   * Causal attention of one head.
   *
   * @param window most positions that one sees
   * @return one row per position
   */
  static double[][] attention(
      double[][] queries, double[][] keys, double[][] values, double scale, int window) {
    double[][] out = new double[queries.length][values[0].length];
    for (int t = 0; t < queries.length; t++) {
      int first = Math.max(0, t - window + 1);
      double[] scores = new double[t + 1 - first];
      for (int s = first; s <= t; s++) {
        for (int i = 0; i < queries[t].length; i++) {
          scores[s - first] += queries[t][i] * keys[s][i] * scale;
        }
      }
      double[] weights = softmax(scores);
      for (int s = first; s <= t; s++) {
        for (int i = 0; i < out[t].length; i++) {
          out[t][i] += weights[s - first] * values[s][i];
        }
      }
    }
    return out;
  }

  static double[] slice(double[] x, int from, int length) {
    return Arrays.copyOfRange(x, from, from + length);
  }

  /** The last norm and the output projection, which is the embedding's where there is no other. */
  double[][] logits(double[][] hidden) {
    boolean tied = file.findTensor("output.weight").isEmpty();
    double[][] logits = new double[hidden.length][];
    for (int t = 0; t < hidden.length; t++) {
      logits[t] =
          linear(
              norm(hidden[t], "output_norm.weight"), tied ? "token_embd.weight" : "output.weight");
    }
    return logits;
  }
}
