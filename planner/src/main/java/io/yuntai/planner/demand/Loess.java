package io.yuntai.planner.demand;

/**
 * Local regression on points of equal distance (W. S. Cleveland, 1979), with straight lines and
 * tricube weights over the nearest points.
 */
final class Loess {
  private static final double NEAR = 0.001;
  private static final double FAR = 0.999;

  private Loess() {}

  /**
   * Smooths points.
   *
   * @param window how many points each value looks at; odd
   * @param jump values are computed at each so many-th point, and lie on lines between
   */
  static double[] smooth(double[] y, int window, int jump) {
    int n = y.length;
    double[] smooth = new double[n];
    int step = Math.min(jump, Math.max(1, n - 1));
    int half = (window + 1) / 2;
    int last = 0;
    for (int i = 0; i < n; i += step) {
      int left = window >= n ? 0 : Math.clamp(i - half + 1, 0, n - window);
      smooth[i] = at(y, i, left, window >= n ? n - 1 : left + window - 1, window);
      between(smooth, last, i);
      last = i;
    }
    if (last != n - 1) {
      int left = window >= n ? 0 : n - window;
      smooth[n - 1] = at(y, n - 1, left, n - 1, window);
      between(smooth, last, n - 1);
    }
    return smooth;
  }

  private static void between(double[] values, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      values[i] = values[from] + (values[to] - values[from]) * (i - from) / (to - from);
    }
  }

  /**
   * The value at a place, which may lie beyond the points.
   *
   * @param left the first point that counts
   * @param right the last
   */
  static double at(double[] y, double place, int left, int right, int window) {
    int n = y.length;
    double reach = Math.max(place - left, right - place);
    if (window > n) {
      reach += Math.floorDiv(window - n, 2);
    }
    double[] weights = new double[right - left + 1];
    double sum = 0;
    for (int j = left; j <= right; j++) {
      double distance = Math.abs(j - place);
      if (distance <= FAR * reach) {
        double part = distance / reach;
        double cube = 1 - part * part * part;
        weights[j - left] = distance <= NEAR * reach ? 1 : cube * cube * cube;
        sum += weights[j - left];
      }
    }
    if (sum <= 0) {
      return y[Math.clamp(Math.round(place), 0, n - 1)];
    }
    double mean = 0;
    for (int j = left; j <= right; j++) {
      weights[j - left] /= sum;
      mean += weights[j - left] * j;
    }
    double spread = 0;
    for (int j = left; j <= right; j++) {
      spread += weights[j - left] * (j - mean) * (j - mean);
    }
    double slope = Math.sqrt(spread) > NEAR * (n - 1) ? (place - mean) / spread : 0;
    double value = 0;
    for (int j = left; j <= right; j++) {
      value += weights[j - left] * (1 + slope * (j - mean)) * y[j];
    }
    return value;
  }
}
