package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.Real;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters that make a number. */
final class NumberFilters {
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,1000}(_\\d{1,100}){0,20}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})(e[+-]?\\d{1,4})?");

  private NumberFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("abs", (e, v, a) -> abs(v));
    filters.put("float", NumberFilters::toFloat);
    filters.put("int", NumberFilters::toInt);
    filters.put("round", NumberFilters::round);
  }

  private static Value abs(Value value) {
    Texts.refuseUndefined(value);
    BigInteger integer = Numbers.integer(value);
    return integer != null ? new Int(integer.abs()) : new Real(Math.abs(Numbers.real(value)));
  }

  private static Value toInt(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Texts.refuseUndefined(value);
    BigInteger integer = Numbers.integer(value);
    if (integer == null && value instanceof Text text) {
      integer = parse(text.chars, bound.number(1, 10));
    }
    if (integer == null) {
      Double real = real(value);
      if (real != null && Double.isFinite(real)) {
        integer = new BigDecimal(real).toBigInteger();
      }
    }
    return integer == null ? bound.get(0, Int.of(0)) : Numbers.checked(integer);
  }

  private static @Nullable BigInteger parse(String chars, int base) {
    String text = chars.strip();
    if (base == 10) {
      return INTEGER.matcher(text).matches() ? new BigInteger(text.replace("_", "")) : null;
    }
    String sign = text.startsWith("-") ? "-" : "";
    String digits = text.substring(sign.length()).toLowerCase(Locale.ROOT);
    String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : " ";
    if (digits.startsWith(prefix)) {
      digits = digits.substring(2);
    }
    if (base < 2 || base > 36 || digits.isEmpty() || digits.length() > 1000) {
      return null;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), base) < 0) {
        return null;
      }
    }
    return new BigInteger(sign + digits, base);
  }

  private static @Nullable Double real(Value value) {
    if (Numbers.isNumber(value)) {
      return Numbers.real(value);
    }
    if (!(value instanceof Text text)) {
      return null;
    }
    String chars = text.chars.strip().replace("_", "").toLowerCase(Locale.ROOT);
    return switch (chars) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> REAL.matcher(chars).matches() ? (Double) Double.parseDouble(chars) : null;
    };
  }

  private static Value toFloat(Evaluator e, Value value, Arguments arguments) {
    Texts.refuseUndefined(value);
    Value otherwise = arguments.bind("float", "default").get(0, new Real(0));
    Double real = real(value);
    return real == null ? otherwise : new Real(real);
  }

  private static Value round(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    Texts.refuseUndefined(value);
    int precision = bound.number(0, 0);
    String method = Texts.require("round", bound.get(1, Text.ofTemplate("common"))).chars;
    if (method.equals("common")) {
      BigInteger integer = Numbers.integer(value);
      return integer != null && precision >= 0
          ? new Int(integer)
          : integer != null
              ? new Int(
                  new BigDecimal(integer)
                      .setScale(Math.max(precision, -2000), RoundingMode.HALF_EVEN)
                      .toBigInteger())
              : new Real(Numbers.round(Numbers.real(value), precision));
    }
    double factor = Math.pow(10, precision);
    double scaled = Numbers.real(value) * factor;
    return switch (method) {
      case "ceil" -> new Real(Math.ceil(scaled) / factor);
      case "floor" -> new Real(Math.floor(scaled) / factor);
      default -> throw new RenderFailure("round needs the method common, ceil or floor");
    };
  }
}
