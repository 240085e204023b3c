package io.yuntai.planner.traces;

import io.yuntai.planner.demand.Backtest;
import io.yuntai.planner.demand.Forecaster.Seasonal;
import io.yuntai.planner.demand.HourlySeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A made-up service with the statistics that are published of one of ServeGen's: how many clients,
 * what share the ten largest have, how far the busiest hour and the busiest ten minutes stand above
 * the mean, and how well the same hour of the day before tells the second week. It is no trace:
 * what other methods score on it says nothing about real services.
 *
 * @param clients how many
 * @param topTen share of the ten largest
 * @param hourPeak busiest hour by mean
 * @param binPeak busiest ten minutes by mean
 * @param dayBefore mean absolute scaled error of the same hour of the day before
 */
public record ServeGenLike(
    int clients, double topTen, double hourPeak, double binPeak, double dayBefore) {
  /** Statistics of {@code m-large}. */
  public static final ServeGenLike LARGE = new ServeGenLike(162, 0.63, 1.86, 2.98, 1.312);

  /** Statistics of {@code m-mid}. */
  public static final ServeGenLike MID = new ServeGenLike(109, 0.79, 1.83, 1.92, 1.199);

  /** Statistics of {@code m-small}. */
  public static final ServeGenLike SMALL = new ServeGenLike(43, 0.93, 2.06, 3.30, 1.695);

  private static final int HOURS = 336;
  private static final int BINS_PER_HOUR = 6;
  private static final int TOP = 10;
  private static final double NOISE = 0.08;
  private static final double HOUR_NOISE = 0.15;
  private static final double MOST_UNREST = 10;

  /** A trace of 336 hours; the same seed gives the same. */
  public ServeGenTrace trace(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] hours = hours(random);
    double[] bins = new double[HOURS * BINS_PER_HOUR];
    for (int hour = 0; hour < HOURS; hour++) {
      double sum = 0;
      for (int i = 0; i < BINS_PER_HOUR; i++) {
        bins[BINS_PER_HOUR * hour + i] = Math.exp(NOISE * random.nextGaussian());
        sum += bins[BINS_PER_HOUR * hour + i];
      }
      for (int i = 0; i < BINS_PER_HOUR; i++) {
        bins[BINS_PER_HOUR * hour + i] *= hours[hour] * BINS_PER_HOUR / sum;
      }
    }
    burst(bins, hours);
    return new ServeGenTrace(split(bins));
  }

  /**
   * Days and weeks with a shape. The second week's hours are as much less like one another as the
   * first week's that the day before tells them as badly.
   */
  private double[] hours(SplittableRandom random) {
    double[] noise = new double[HOURS];
    Arrays.setAll(noise, _ -> HOUR_NOISE * random.nextGaussian());
    double low = 0;
    double high = MOST_UNREST;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      HourlySeries hours = new HourlySeries(Instant.EPOCH, hours(noise, middle), 0);
      if (Backtest.of(hours, new Seasonal(24)).mase() < dayBefore) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return hours(noise, low);
  }

  /** Stretched so that the busiest hour stands as far above the mean. */
  private double[] hours(double[] noise, double unrest) {
    double[] logs = new double[HOURS];
    for (int i = 0; i < HOURS; i++) {
      double day = Math.sin(2 * Math.PI * (i % 24 - 9) / 24);
      double week = i / 24 % 7 >= 5 ? -0.6 : 0;
      logs[i] = day + week + noise[i] * (i < HOURS / 2 ? 1 : unrest);
    }
    double low = 0;
    double high = 5;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (ServeGenTrace.peak(stretched(logs, middle)) < hourPeak) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] hours = stretched(logs, low);
    double mean = Arrays.stream(hours).average().orElse(1);
    return Arrays.stream(hours).map(hour -> hour / mean).toArray();
  }

  private static double[] stretched(double[] logs, double by) {
    return Arrays.stream(logs).map(log -> Math.exp(by * log)).toArray();
  }

  /** Ten minutes of one busy hour take so much of it that they are the busiest of all. */
  private void burst(double[] bins, double[] hours) {
    int hour = -1;
    for (int i = 0; i < HOURS; i++) {
      boolean holds = hours[i] * BINS_PER_HOUR > binPeak;
      hour = holds && (hour < 0 || hours[i] > hours[hour]) ? i : hour;
    }
    double rest = (hours[hour] * BINS_PER_HOUR - binPeak) / (BINS_PER_HOUR - 1);
    Arrays.fill(bins, BINS_PER_HOUR * hour, BINS_PER_HOUR * (hour + 1), rest);
    bins[BINS_PER_HOUR * hour] = binPeak;
    Arrays.setAll(bins, i -> Math.min(bins[i], binPeak));
  }

  /**
   * Among clients whose sizes fall like a geometric series that gives the ten largest their share.
   */
  private List<double[]> split(double[] bins) {
    double low = 0.01;
    double high = 1 - 1e-9;
    for (int i = 0; i < 80; i++) {
      double middle = (low + high) / 2;
      double top = (1 - Math.pow(middle, TOP)) / (1 - Math.pow(middle, clients));
      if (top > topTen) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] weights = new double[clients];
    double ratio = low;
    Arrays.setAll(weights, i -> Math.pow(ratio, i));
    double sum = Arrays.stream(weights).sum();
    List<double[]> split = new ArrayList<>();
    for (double weight : weights) {
      split.add(Arrays.stream(bins).map(bin -> bin * weight / sum).toArray());
    }
    return split;
  }
}
