package io.yuntai.engine.encoder;

import io.yuntai.engine.encoder.EncoderWeights.Linear;
import io.yuntai.engine.encoder.EncoderWeights.RankHead;
import io.yuntai.engine.encoder.Rows.Product;
import io.yuntai.engine.kernel.Activations.Form;
import io.yuntai.engine.kernel.KernelScratch;
import io.yuntai.engine.kernel.Kernels;
import io.yuntai.engine.kernel.WorkerTeam;

/** From the vectors of a batch's tokens to one result for each sequence. */
final class ResultHead {
  private final EncoderConfig config;
  private final EncoderWeights weights;
  private final Kernels kernels;
  private final WorkerTeam team;
  private final KernelScratch[] scratch;
  private final Rows rows;

  /** The first tokens' rows. */
  private final float[] firsts;

  private final float[] pooled;

  ResultHead(
      EncoderConfig config,
      EncoderWeights weights,
      Kernels kernels,
      WorkerTeam team,
      KernelScratch[] scratch,
      int maxTokens) {
    this.config = config;
    this.weights = weights;
    this.kernels = kernels;
    this.team = team;
    this.scratch = scratch;
    int length = weights.head() == null ? 0 : maxTokens * config.width();
    this.firsts = new float[length];
    this.pooled = new float[length];
    this.rows = new Rows(kernels, maxTokens, config.width(), Form.CODES_16);
  }

  /**
   * @param hidden a row for each token
   * @param starts where each sequence starts; the last entry is the number of tokens
   */
  void results(float[] hidden, int[] starts, float[][] results) {
    RankHead head = weights.head();
    if (head != null) {
      scores(head, hidden, starts, results);
    } else {
      team.run(
          starts.length - 1,
          (sequence, worker) ->
              pool(hidden, starts[sequence], starts[sequence + 1], results[sequence]));
    }
  }

  private void pool(float[] hidden, int from, int to, float[] result) {
    int width = config.width();
    switch (config.pooling()) {
      case MEAN -> {
        System.arraycopy(hidden, from * width, result, 0, width);
        for (int token = from + 1; token < to; token++) {
          kernels.add(result, 0, hidden, token * width, width);
        }
        for (int i = 0; i < width; i++) {
          result[i] /= to - from;
        }
      }
      case CLS, RANK -> System.arraycopy(hidden, from * width, result, 0, width);
      case LAST -> System.arraycopy(hidden, (to - 1) * width, result, 0, width);
    }
    if (config.normalized()) {
      VectorLength.normalize(result);
    }
  }

  private void scores(RankHead head, float[] hidden, int[] starts, float[][] results) {
    int width = config.width();
    int count = starts.length - 1;
    for (int i = 0; i < count; i++) {
      System.arraycopy(hidden, starts[i] * width, firsts, i * width, width);
    }
    Linear pooler = head.pooler();
    if (pooler != null) {
      multiply(pooler, firsts, pooled, width, count);
      for (int i = 0; i < count * width; i++) {
        firsts[i] = (float) StrictMath.tanh(pooled[i]);
      }
    }
    multiply(head.score(), firsts, pooled, 1, count);
    for (int i = 0; i < count; i++) {
      results[i][0] = pooled[i];
    }
  }

  private void multiply(Linear linear, float[] from, float[] to, int stride, int count) {
    rows.resize(count, linear);
    team.run(count, (row, worker) -> rows.set(from, row, scratch[worker]));
    rows.multiply(team, scratch, new Product(linear, to, stride));
    for (int row = 0; row < count; row++) {
      kernels.add(to, row * stride, linear.bias(), 0, linear.bias().length);
    }
  }
}
