package io.yuntai.planner.program;

import java.util.SplittableRandom;

/** Small random programs: with bounds of all kinds, some without a point, some without an end. */
public final class RandomPrograms {
  private RandomPrograms() {}

  /** One for a seed. */
  public static LinearProgram of(long seed, int mostRows, int mostColumns, boolean whole) {
    SplittableRandom random = new SplittableRandom(seed);
    ProgramBuilder builder = new ProgramBuilder();
    int rows = 1 + random.nextInt(mostRows);
    int columns = 1 + random.nextInt(mostColumns);
    for (int i = 0; i < rows; i++) {
      row(builder, random, i);
    }
    for (int j = 0; j < columns; j++) {
      double low =
          random.nextInt(8) == 0
              ? Double.NEGATIVE_INFINITY
              : random.nextInt(5) == 0 ? -random.nextInt(5) : 0;
      double high =
          random.nextInt(3) == 0 ? Double.POSITIVE_INFINITY : Math.max(low, 0) + random.nextInt(7);
      double cost = random.nextInt(21) - 7 + (random.nextInt(3) == 0 ? random.nextDouble() : 0);
      int column = builder.column("c" + j, cost, low, high, whole && random.nextInt(2) == 0);
      for (int i = 0; i < rows; i++) {
        if (random.nextInt(whole ? 2 : 4) == 0) {
          double value = random.nextInt(11) - 4;
          builder.entry(i, column, value + (random.nextInt(3) == 0 ? random.nextDouble() * 50 : 0));
        }
      }
    }
    return builder.build();
  }

  private static void row(ProgramBuilder builder, SplittableRandom random, int i) {
    double low = random.nextInt(3) == 0 ? -random.nextInt(10) : Double.NEGATIVE_INFINITY;
    double high =
        random.nextInt(4) == 0 && low > Double.NEGATIVE_INFINITY
            ? Double.POSITIVE_INFINITY
            : random.nextInt(12);
    if (random.nextInt(6) == 0) {
      low = random.nextInt(3);
      high = low;
    }
    builder.row("r" + i, low, high);
  }
}
