package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.Real;
import io.yuntai.engine.template.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Python's numbers: arithmetic, and how they print. */
final class Numbers {
  /** Longest integer; Python has no limit, a sandbox needs one. */
  private static final int MAX_BITS = 4096;

  private Numbers() {}

  static boolean isNumber(Value value) {
    return value instanceof Int || value instanceof Real || value instanceof Bool;
  }

  /** The integer of an Int or Bool, else null. */
  static @Nullable BigInteger integer(Value value) {
    return switch (value) {
      case Int number -> number.value();
      case Bool bool -> bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
      default -> null;
    };
  }

  /** A number as a double. */
  static double real(Value value) {
    if (value instanceof Real real) {
      return real.value();
    }
    BigInteger integer = integer(value);
    if (integer == null) {
      throw new RenderFailure("expected a number, not '%s'".formatted(Types.name(value)));
    }
    double real = integer.doubleValue();
    if (Double.isInfinite(real)) {
      throw new RenderFailure("int too large to convert to float");
    }
    return real;
  }

  /** An integer argument that fits 32 bits; larger ones are cut to the nearest that does. */
  static int index(String function, Value value) {
    BigInteger integer = integer(value);
    if (integer == null) {
      if (value instanceof Undefined undefined) {
        throw new RenderFailure(undefined.reason());
      }
      throw new RenderFailure(
          "%s needs an integer, not '%s'".formatted(function, Types.name(value)));
    }
    return clamp(integer);
  }

  static int clamp(BigInteger integer) {
    if (integer.bitLength() > 31) {
      return integer.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return integer.intValue();
  }

  static Value checked(BigInteger result) {
    if (result.bitLength() > MAX_BITS) {
      throw new RenderFailure("an integer of more than %d bits".formatted(MAX_BITS));
    }
    return new Int(result);
  }

  /** One of {@code + - * / // % **} on two numbers. */
  static Value operate(String operator, Value left, Value right) {
    BigInteger a = integer(left);
    BigInteger b = integer(right);
    if (a != null && b != null) {
      return integers(operator, a, b);
    }
    return reals(operator, real(left), real(right));
  }

  private static Value integers(String operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case "+" -> checked(a.add(b));
      case "-" -> checked(a.subtract(b));
      case "*" -> checked(a.multiply(b));
      case "/" -> {
        requireNonZero(b.signum() != 0);
        yield new Real(
            new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128).doubleValue());
      }
      case "//" -> {
        requireNonZero(b.signum() != 0);
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        yield new Int(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
      }
      case "%" -> {
        requireNonZero(b.signum() != 0);
        BigInteger rest = a.remainder(b);
        yield new Int(rest.signum() != 0 && rest.signum() != b.signum() ? rest.add(b) : rest);
      }
      default -> power(a, b);
    };
  }

  private static Value power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      requireNonZero(a.signum() != 0);
      return new Real(Math.pow(a.doubleValue(), b.doubleValue()));
    }
    BigInteger magnitude = a.abs();
    if (magnitude.compareTo(BigInteger.ONE) <= 0) {
      return new Int(b.signum() == 0 ? BigInteger.ONE : b.testBit(0) ? a : magnitude);
    }
    if ((long) (magnitude.bitLength() - 1) * clamp(b) > MAX_BITS) {
      throw new RenderFailure("an integer of more than %d bits".formatted(MAX_BITS));
    }
    return checked(a.pow(b.intValueExact()));
  }

  private static Value reals(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> new Real(a + b);
      case "-" -> new Real(a - b);
      case "*" -> new Real(a * b);
      case "/" -> {
        requireNonZero(b != 0);
        yield new Real(a / b);
      }
      case "//" -> {
        requireNonZero(b != 0);
        yield new Real(Math.floor((a - modulo(a, b)) / b + 0.25));
      }
      case "%" -> {
        requireNonZero(b != 0);
        yield new Real(modulo(a, b));
      }
      default -> new Real(Math.pow(a, b));
    };
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
  }

  private static void requireNonZero(boolean nonZero) {
    if (!nonZero) {
      throw new RenderFailure("division by zero");
    }
  }

  static Value negate(Value value) {
    BigInteger integer = integer(value);
    return integer != null ? new Int(integer.negate()) : new Real(-real(value));
  }

  /** Python's {@code repr} of a float: the shortest decimal that reads back as the same number. */
  static String print(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = shortest(value);
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return "%s%c%se%s%02d"
          .formatted(
              sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    String plain = decimal.abs().toPlainString();
    return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
  }

  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    // Java prints two digits even where one would do (4.9E-324); Python prints the one.
    BigDecimal single = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
    return single.doubleValue() == value ? single.stripTrailingZeros() : decimal;
  }

  /** Python's {@code round} of a float: half to even, on the number's exact value. */
  static double round(double value, int digits) {
    if (!Double.isFinite(value) || digits > 400) {
      return value;
    }
    if (digits < -400) {
      return 0;
    }
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }
}
