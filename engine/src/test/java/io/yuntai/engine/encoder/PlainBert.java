package io.yuntai.engine.encoder;

/** BERT in double, as the paper and its authors' code have it, one text at a time. */
final class PlainBert {
  private static final int WIDTH = TinyBert.WIDTH;
  private static final int HEAD = WIDTH / TinyBert.HEADS;

  private final TinyBert model;

  PlainBert(TinyBert model) {
    this.model = model;
  }

  /** The last layer's row for each token. */
  double[][] rows(EncoderInput input) {
    int count = input.tokens().length;
    double[][] x = new double[count][WIDTH];
    for (int t = 0; t < count; t++) {
      int segment = t >= input.secondSegment() ? 1 : 0;
      for (int i = 0; i < WIDTH; i++) {
        x[t][i] =
            at("token_embd.weight", input.tokens()[t], i)
                + at("position_embd.weight", t, i)
                + at("token_types.weight", segment, i);
      }
      x[t] = norm("token_embd_norm", x[t]);
    }
    for (int layer = 0; layer < TinyBert.LAYERS; layer++) {
      String name = "blk." + layer + ".";
      double[][] attended = attention(name, x);
      for (int t = 0; t < count; t++) {
        x[t] =
            norm(name + "attn_output_norm", add(x[t], linear(name + "attn_output", attended[t])));
        double[] inner = linear(name + "ffn_up", x[t]);
        for (int i = 0; i < inner.length; i++) {
          inner[i] = inner[i] / 2 * (1 + erf(inner[i] / Math.sqrt(2)));
        }
        x[t] = norm(name + "layer_output_norm", add(x[t], linear(name + "ffn_down", inner)));
      }
    }
    return x;
  }

  /** The mean of the rows, of length 1. */
  double[] mean(EncoderInput input) {
    double[][] rows = rows(input);
    double[] mean = new double[WIDTH];
    for (double[] row : rows) {
      for (int i = 0; i < WIDTH; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return unit(mean);
  }

  double score(EncoderInput input) {
    double[] pooled = linear("cls", rows(input)[0]);
    for (int i = 0; i < WIDTH; i++) {
      pooled[i] = Math.tanh(pooled[i]);
    }
    return linear("cls.output", pooled)[0];
  }

  static double[] unit(double[] vector) {
    double squares = 0;
    for (double element : vector) {
      squares += element * element;
    }
    double[] unit = vector.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= Math.sqrt(squares);
    }
    return unit;
  }

  private double[][] attention(String layer, double[][] x) {
    int count = x.length;
    double[][] q = new double[count][];
    double[][] k = new double[count][];
    double[][] v = new double[count][];
    for (int t = 0; t < count; t++) {
      q[t] = linear(layer + "attn_q", x[t]);
      k[t] = linear(layer + "attn_k", x[t]);
      v[t] = linear(layer + "attn_v", x[t]);
    }
    double[][] results = new double[count][WIDTH];
    for (int t = 0; t < count; t++) {
      for (int head = 0; head < WIDTH; head += HEAD) {
        double[] weights = new double[count];
        double total = 0;
        for (int s = 0; s < count; s++) {
          double dot = 0;
          for (int i = head; i < head + HEAD; i++) {
            dot += q[t][i] * k[s][i];
          }
          weights[s] = Math.exp(dot / Math.sqrt(HEAD));
          total += weights[s];
        }
        for (int s = 0; s < count; s++) {
          for (int i = head; i < head + HEAD; i++) {
            results[t][i] += weights[s] / total * v[s][i];
          }
        }
      }
    }
    return results;
  }

  private double[] linear(String name, double[] x) {
    float[] bias = model.numbers(name + ".bias");
    double[] y = new double[bias.length];
    float[] weights = model.numbers(name + ".weight");
    for (int row = 0; row < y.length; row++) {
      y[row] = bias[row];
      for (int i = 0; i < x.length; i++) {
        y[row] += weights[row * x.length + i] * x[i];
      }
    }
    return y;
  }

  private double[] norm(String name, double[] x) {
    double mean = 0;
    for (double element : x) {
      mean += element / x.length;
    }
    double variance = 0;
    for (double element : x) {
      variance += (element - mean) * (element - mean) / x.length;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] =
          (x[i] - mean) / Math.sqrt(variance + 1e-12) * model.numbers(name + ".weight")[i]
              + model.numbers(name + ".bias")[i];
    }
    return y;
  }

  private double at(String table, int row, int column) {
    return model.numbers(table)[row * WIDTH + column];
  }

  private static double[] add(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  /** By its Taylor series where that is exact enough. */
  private static double erf(double x) {
    double z = Math.abs(x);
    if (z > 4.5) {
      return Math.signum(x);
    }
    double term = z;
    double sum = z;
    for (int n = 1; n < 200; n++) {
      term *= -z * z / n;
      sum += term / (2 * n + 1);
    }
    return Math.signum(x) * sum * 2 / Math.sqrt(Math.PI);
  }
}
