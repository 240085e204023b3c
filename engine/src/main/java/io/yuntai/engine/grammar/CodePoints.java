package io.yuntai.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A set of Unicode scalar values: sorted, disjoint, not adjacent ranges. Surrogates are never
 * members.
 *
 * @param bounds first and last code point of each range, in turn; not to be changed
 */
record CodePoints(int[] bounds) {
  static final int MAX = Character.MAX_CODE_POINT;
  static final CodePoints NONE = new CodePoints(new int[0]);
  static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);

  /** All from {@code first} to {@code last}, without surrogates. */
  static CodePoints of(int first, int last) {
    List<int[]> ranges = new ArrayList<>();
    ranges.add(new int[] {first, last});
    return of(ranges);
  }

  static CodePoints of(int codePoint) {
    return of(codePoint, codePoint);
  }

  static CodePoints anyOf(String characters) {
    List<int[]> ranges = new ArrayList<>();
    characters.codePoints().forEach(c -> ranges.add(new int[] {c, c}));
    return of(ranges);
  }

  /** The union of ranges in any order. */
  static CodePoints of(List<int[]> ranges) {
    List<int[]> parts = new ArrayList<>();
    for (int[] range : ranges) {
      addWithoutSurrogates(parts, range[0], range[1]);
    }
    parts.sort((a, b) -> Integer.compare(a[0], b[0]));
    int[] bounds = new int[2 * parts.size()];
    int size = 0;
    for (int[] part : parts) {
      if (size > 0 && part[0] <= bounds[size - 1] + 1) {
        bounds[size - 1] = Math.max(bounds[size - 1], part[1]);
      } else {
        bounds[size++] = part[0];
        bounds[size++] = part[1];
      }
    }
    return new CodePoints(Arrays.copyOf(bounds, size));
  }

  /** Those for which something holds. */
  static CodePoints where(IntPredicate predicate) {
    List<int[]> ranges = new ArrayList<>();
    int first = -1;
    for (int c = 0; c <= MAX + 1; c++) {
      boolean member = c <= MAX && predicate.test(c);
      if (member && first < 0) {
        first = c;
      } else if (!member && first >= 0) {
        ranges.add(new int[] {first, c - 1});
        first = -1;
      }
    }
    return of(ranges);
  }

  private static void addWithoutSurrogates(List<int[]> parts, int first, int last) {
    if (first < Character.MIN_SURROGATE && first <= last) {
      parts.add(new int[] {first, Math.min(last, Character.MIN_SURROGATE - 1)});
    }
    if (last > Character.MAX_SURROGATE) {
      parts.add(new int[] {Math.max(first, Character.MAX_SURROGATE + 1), last});
    }
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  boolean contains(int codePoint) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (codePoint >= bounds[i] && codePoint <= bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  CodePoints union(CodePoints other) {
    List<int[]> ranges = ranges();
    ranges.addAll(other.ranges());
    return of(ranges);
  }

  CodePoints complement() {
    List<int[]> ranges = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] > from) {
        ranges.add(new int[] {from, bounds[i] - 1});
      }
      from = bounds[i + 1] + 1;
    }
    if (from <= MAX) {
      ranges.add(new int[] {from, MAX});
    }
    return of(ranges);
  }

  CodePoints minus(CodePoints other) {
    return complement().union(other).complement();
  }

  private List<int[]> ranges() {
    List<int[]> ranges = new ArrayList<>(bounds.length / 2 + 1);
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(new int[] {bounds[i], bounds[i + 1]});
    }
    return ranges;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePoints(int[] theirs) && Arrays.equals(bounds, theirs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
