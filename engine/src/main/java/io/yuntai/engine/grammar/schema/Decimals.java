package io.yuntai.engine.grammar.schema;

import io.yuntai.engine.grammar.Dfa;
import io.yuntai.engine.grammar.GrammarException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers within bounds as automata over their digits: plain decimals without exponent, compared
 * with the bounds digit by digit, with the remainder of what was read.
 */
final class Decimals {
  /** JSON numbers with exponents that every reader takes: a double's end at 308. */
  private static final String NUMBER =
      "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?([0-9]{1,2}|[12][0-9]{2}|30[0-7]))?";

  private static final String INTEGER = "0|-?[1-9][0-9]*";
  private static final String SYMBOLS = "-.0123456789";
  private static final int MAX_DIGITS = 400;
  private static final int MAX_DIVISOR = 10_000;

  private Decimals() {}

  /**
   * What numbers must satisfy; null for no bound.
   *
   * @param integer whether fractions are left out
   * @param divisor above 0: numbers are integer multiples of it
   */
  record Bounds(
      boolean integer,
      @Nullable BigDecimal low,
      boolean lowExcluded,
      @Nullable BigDecimal high,
      boolean highExcluded,
      @Nullable BigDecimal divisor) {}

  /**
   * Their spellings.
   *
   * @throws GrammarException when bounds or divisor have too many digits
   */
  static Dfa of(Bounds bounds) throws GrammarException {
    if (bounds.low == null && bounds.high == null && bounds.divisor == null) {
      return Dfa.matching(bounds.integer ? INTEGER : NUMBER);
    }
    BigDecimal negatedLow = bounds.high == null ? null : bounds.high.negate();
    BigDecimal negatedHigh = bounds.low == null ? null : bounds.low.negate();
    Dfa positive = magnitudes(bounds);
    Bounds mirrored =
        new Bounds(
            bounds.integer,
            negatedLow,
            bounds.highExcluded,
            negatedHigh,
            bounds.lowExcluded,
            bounds.divisor);
    // A minus before zero says nothing, so magnitudes of negative numbers are above zero.
    Dfa negative =
        magnitudes(
            mirrored.low == null || mirrored.low.signum() <= 0
                ? new Bounds(
                    mirrored.integer,
                    BigDecimal.ZERO,
                    true,
                    mirrored.high,
                    mirrored.highExcluded,
                    mirrored.divisor)
                : mirrored);
    return Dfa.signed(positive, negative);
  }

  /** Plain decimals that are no integers. */
  static Dfa fractions() throws GrammarException {
    return Dfa.matching("-?(0|[1-9][0-9]*)\\.[0-9]*[1-9][0-9]*");
  }

  /** Plain decimals that are none of some numbers. */
  static Dfa allBut(List<BigDecimal> numbers) throws GrammarException {
    Dfa all = Dfa.matching("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    for (BigDecimal number : numbers) {
      Digits digits = Digits.of(number.abs());
      String whole = digits.whole.isEmpty() ? "0" : digits.whole;
      String fraction = digits.fraction.isEmpty() ? "(\\.0+)?" : "\\." + digits.fraction + "0*";
      String sign = number.signum() == 0 ? "-?" : number.signum() < 0 ? "-" : "";
      all = all.minus(Dfa.matching(sign + whole + fraction));
    }
    return all;
  }

  private static Dfa magnitudes(Bounds bounds) throws GrammarException {
    BigDecimal high = bounds.high;
    if (high != null && (high.signum() < 0 || (high.signum() == 0 && bounds.highExcluded))) {
      return Dfa.NOTHING;
    }
    BigDecimal low = bounds.low != null && bounds.low.signum() >= 0 ? bounds.low : null;
    Digits lowDigits = low == null ? null : Digits.of(low);
    Digits highDigits = high == null ? null : Digits.of(high);
    Divisor divisor = bounds.divisor == null ? null : Divisor.of(bounds.divisor);
    Walk walk =
        new Walk(
            bounds.integer,
            lowDigits,
            low != null && bounds.lowExcluded,
            highDigits,
            bounds.highExcluded,
            divisor);
    return Dfa.explored(SYMBOLS, At.START, walk::step, walk::accepts);
  }

  /** A bound's digits before the point, without leading zeros, and after it, without last ones. */
  private record Digits(String whole, String fraction) {
    static Digits of(BigDecimal bound) throws GrammarException {
      BigDecimal stripped = bound.signum() == 0 ? BigDecimal.ZERO : bound.stripTrailingZeros();
      if (Math.abs((long) stripped.scale()) + stripped.precision() > MAX_DIGITS) {
        throw new GrammarException("", "a bound of more than %d digits".formatted(MAX_DIGITS));
      }
      String[] parts = stripped.toPlainString().split("\\.", -1);
      return new Digits(parts[0].equals("0") ? "" : parts[0], parts.length > 1 ? parts[1] : "");
    }
  }

  /** {@code value / 10^scale}. */
  private record Divisor(int value, int scale) {
    static Divisor of(BigDecimal divisor) throws GrammarException {
      BigDecimal stripped = divisor.stripTrailingZeros();
      BigDecimal plain = stripped.scale() < 0 ? stripped.setScale(0) : stripped;
      BigInteger value = plain.unscaledValue();
      if (value.compareTo(BigInteger.valueOf(MAX_DIVISOR)) > 0 || plain.scale() > MAX_DIGITS) {
        throw new GrammarException(
            "", "'multipleOf' takes at most %,d as its digits".formatted(MAX_DIVISOR));
      }
      return new Divisor(value.intValueExact(), plain.scale());
    }
  }

  private enum Phase {
    START,
    /** A single zero before the point. */
    ZERO,
    WHOLE,
    POINT,
    FRACTION
  }

  /**
   * A place in a number.
   *
   * @param toLow how it stands to the lower bound so far
   * @param toHigh how it stands to the upper bound so far
   * @param remainder of the digits so far
   * @param places digits after the point, as far as the divisor minds
   */
  private record At(Phase phase, Order toLow, Order toHigh, int remainder, int places) {
    static final At START = new At(Phase.START, Order.EQUAL, Order.EQUAL, 0, 0);
  }

  /**
   * How digits stand to a bound's.
   *
   * @param sign of the difference of the first {@code read} digits
   * @param read digits of the bound that were compared in this half; beyond its end once more
   */
  private record Order(int sign, int read) {
    static final Order EQUAL = new Order(0, 0);

    /** One more digit before the point. */
    Order whole(String bound, int digit) {
      if (read > bound.length()) {
        return this;
      }
      if (read == bound.length()) {
        return new Order(1, read + 1);
      }
      int difference = sign != 0 ? sign : Integer.signum(digit - (bound.charAt(read) - '0'));
      return new Order(difference, read + 1);
    }

    /** The point: now the lengths are known. */
    Order point(String bound) {
      return read < bound.length() ? new Order(-1, 0) : new Order(sign, 0);
    }

    /** One more digit after the point. */
    Order fraction(String bound, int digit) {
      if (sign != 0) {
        return this;
      }
      int other = read < bound.length() ? bound.charAt(read) - '0' : 0;
      return digit == other
          ? new Order(0, Math.min(read + 1, bound.length()))
          : new Order(digit < other ? -1 : 1, 0);
    }

    /** The sign of the whole difference, at the end. */
    int end(Digits bound, boolean afterPoint) {
      Order order = afterPoint ? this : point(bound.whole);
      return order.sign == 0 && order.read < bound.fraction.length() ? -1 : order.sign;
    }
  }

  private record Walk(
      boolean integer,
      @Nullable Digits low,
      boolean lowExcluded,
      @Nullable Digits high,
      boolean highExcluded,
      @Nullable Divisor divisor) {

    @Nullable At step(At at, char symbol) {
      if (symbol == '-') {
        return null;
      }
      if (symbol == '.') {
        boolean whole = at.phase == Phase.WHOLE || at.phase == Phase.ZERO;
        return integer || !whole
            ? null
            : new At(
                Phase.POINT,
                low == null ? at.toLow : at.toLow.point(low.whole),
                high == null ? at.toHigh : at.toHigh.point(high.whole),
                at.remainder,
                0);
      }
      int digit = symbol - '0';
      return switch (at.phase) {
        case START -> digit == 0 ? new At(Phase.ZERO, at.toLow, at.toHigh, 0, 0) : whole(at, digit);
        case ZERO -> null;
        case WHOLE -> whole(at, digit);
        case POINT, FRACTION -> fraction(at, digit);
      };
    }

    private At whole(At at, int digit) {
      return new At(
          Phase.WHOLE,
          low == null ? at.toLow : at.toLow.whole(low.whole, digit),
          high == null ? at.toHigh : at.toHigh.whole(high.whole, digit),
          divisor == null ? 0 : (10 * at.remainder + digit) % divisor.value,
          0);
    }

    private @Nullable At fraction(At at, int digit) {
      int places = at.places;
      int remainder = at.remainder;
      if (divisor != null) {
        if (places == divisor.scale) {
          if (digit != 0) {
            return null;
          }
        } else {
          places++;
          remainder = (10 * remainder + digit) % divisor.value;
        }
      }
      return new At(
          Phase.FRACTION,
          low == null ? at.toLow : at.toLow.fraction(low.fraction, digit),
          high == null ? at.toHigh : at.toHigh.fraction(high.fraction, digit),
          remainder,
          places);
    }

    boolean accepts(At at) {
      if (at.phase == Phase.START || at.phase == Phase.POINT) {
        return false;
      }
      boolean afterPoint = at.phase == Phase.FRACTION;
      int toLow = low == null ? 1 : at.toLow.end(low, afterPoint);
      int toHigh = high == null ? -1 : at.toHigh.end(high, afterPoint);
      if (toLow < 0 || (toLow == 0 && lowExcluded) || toHigh > 0 || (toHigh == 0 && highExcluded)) {
        return false;
      }
      return divisor == null || isMultiple(at, divisor);
    }

    private static boolean isMultiple(At at, Divisor divisor) {
      long remainder = at.remainder;
      for (int i = at.places; i < divisor.scale; i++) {
        remainder = 10 * remainder % divisor.value;
      }
      return remainder == 0;
    }
  }
}
