package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.Real;
import io.yuntai.engine.template.Value.Tuple;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's two ways to format a string: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class Formats {
  private static final Pattern PERCENT =
      Pattern.compile("%(?:\\((\\w*)\\))?([-+ 0#]*)(\\d{0,8})(?:\\.(\\d{0,3}))?([a-zA-Z%])");
  private static final Pattern FIELD =
      Pattern.compile("([^!:\\[\\].]*)((?:\\.\\w+|\\[[^\\]]*\\])*)(?:!([rsa]))?(?::(.*))?");
  private static final Pattern SPEC =
      Pattern.compile("(?:(.)?([<>^=]))?([-+ ])?(0)?(\\d{0,8})(,)?(?:\\.(\\d{1,3}))?([a-zA-Z%])?");

  private final Evaluator evaluator;
  private final TextBuilder out;

  private Formats(Evaluator evaluator) {
    this.evaluator = evaluator;
    out = new TextBuilder(evaluator.budget());
  }

  /** {@code format % right}. */
  static Value percent(Evaluator evaluator, Text format, Value right) {
    List<Value> values = right instanceof Tuple tuple ? tuple.items() : List.of(right);
    return new Formats(evaluator).percent(format, values, right instanceof Dict dict ? dict : null);
  }

  /** The filter {@code format}. */
  static Value percent(Evaluator evaluator, Text format, Arguments arguments) {
    if (arguments.named().isEmpty()) {
      return percent(evaluator, format, new Tuple(arguments.positional()));
    }
    Dict named = new Dict();
    arguments.named().forEach((name, value) -> named.put(Text.ofTemplate(name), value));
    return percent(evaluator, format, named);
  }

  private Text percent(Text format, List<Value> values, @Nullable Dict named) {
    int used = 0;
    int from = 0;
    int at = format.chars.indexOf('%');
    Matcher matcher = PERCENT.matcher(format.chars);
    while (at >= 0) {
      out.append(format, from, at);
      matcher.region(at, format.length());
      if (!matcher.lookingAt()) {
        throw new RenderFailure("a '%' in a format string is not followed by a conversion");
      }
      String conversion = matcher.group(5);
      if (conversion.equals("%")) {
        out.append("%");
      } else {
        Value value;
        if (matcher.group(1) != null) {
          value = named == null ? null : named.get(matcher.group(1));
        } else {
          value = used < values.size() ? values.get(used) : null;
          used++;
        }
        if (value == null) {
          throw new RenderFailure("not enough arguments for a format string");
        }
        percentOne(matcher, conversion.charAt(0), value);
      }
      from = matcher.end();
      at = format.chars.indexOf('%', from);
    }
    if (named == null && used < values.size()) {
      throw new RenderFailure("not all arguments are used by a format string");
    }
    return out.append(format, from, format.length()).build();
  }

  private void percentOne(Matcher matcher, char conversion, Value value) {
    String flags = matcher.group(2);
    int width = matcher.group(3).isEmpty() ? 0 : Integer.parseInt(matcher.group(3));
    String digits = matcher.group(4);
    int precision = digits == null ? -1 : digits.isEmpty() ? 0 : Integer.parseInt(digits);
    boolean number = "diufFeEgGxXo".indexOf(conversion) >= 0;
    Text body;
    if (number) {
      char type = conversion == 'i' || conversion == 'u' ? 'd' : conversion;
      Value rounded = type == 'd' && value instanceof Real real ? truncated(real) : value;
      String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "-";
      body = Text.ofTemplate(number(rounded, type, precision, false, sign));
    } else {
      body =
          switch (conversion) {
            case 's' -> Printer.str(evaluator.budget(), value);
            case 'r' -> Printer.repr(evaluator.budget(), value);
            default ->
                throw new RenderFailure("unsupported conversion '%%%c'".formatted(conversion));
          };
      body = precision >= 0 ? shortened(body, precision) : body;
    }
    char align = flags.contains("-") ? '<' : number && flags.contains("0") ? '=' : '>';
    pad(body, width, align == '=' ? "0" : " ", align);
  }

  private static Value truncated(Real real) {
    if (!Double.isFinite(real.value())) {
      throw new RenderFailure("cannot convert " + Numbers.print(real.value()) + " to an integer");
    }
    return new Int(new BigDecimal(real.value()).toBigInteger());
  }

  private static Text shortened(Text text, int precision) {
    return text.codePoints() <= precision ? text : text.substring(0, text.offset(precision));
  }

  private void pad(Text body, int width, String fill, char align) {
    int missing = Math.max(0, width - body.codePoints());
    Text filler = Text.ofTemplate(fill);
    boolean signed = !body.isEmpty() && "+- ".indexOf(body.chars.charAt(0)) >= 0;
    int sign = align == '=' && signed ? 1 : 0;
    int left =
        switch (align) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    out.append(body, 0, sign)
        .repeat(filler, left)
        .append(body, sign, body.length())
        .repeat(filler, missing - left);
  }

  /** {@code format.format(arguments)}. */
  static Value braces(Evaluator evaluator, Text format, Arguments arguments) {
    return new Formats(evaluator).braces(format, arguments);
  }

  private Text braces(Text format, Arguments arguments) {
    int next = 0;
    int at = 0;
    while (at < format.length()) {
      char c = format.chars.charAt(at);
      if (c != '{' && c != '}') {
        int plain = at;
        while (at < format.length() && "{}".indexOf(format.chars.charAt(at)) < 0) {
          at++;
        }
        out.append(format, plain, at);
        continue;
      }
      if (at + 1 < format.length() && format.chars.charAt(at + 1) == c) {
        out.append(format, at, at + 1);
        at += 2;
        continue;
      }
      int end = format.chars.indexOf('}', at);
      Matcher field =
          FIELD.matcher(c == '}' || end < 0 ? "[" : format.chars.substring(at + 1, end));
      if (!field.matches()) {
        throw new RenderFailure("a format string has a single or malformed brace");
      }
      String name = field.group(1).isEmpty() ? String.valueOf(next++) : field.group(1);
      field(field, argument(name, arguments));
      at = end + 1;
    }
    return out.build();
  }

  private static Value argument(String name, Arguments arguments) {
    boolean number = name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9;
    int index = number ? Integer.parseInt(name) : -1;
    Value value =
        !number
            ? arguments.named().get(name)
            : index < arguments.positional().size() ? arguments.positional().get(index) : null;
    if (value == null) {
      throw new RenderFailure("a format string's field '%s' has no argument".formatted(name));
    }
    return value;
  }

  private void field(Matcher field, Value argument) {
    Value value = argument;
    Matcher steps = Pattern.compile("\\.(\\w+)|\\[([^\\]]*)\\]").matcher(field.group(2));
    while (steps.find()) {
      String item = steps.group(2);
      if (item == null) {
        value = Access.attribute(value, steps.group(1));
      } else {
        boolean number = !item.isEmpty() && item.chars().allMatch(c -> c >= '0' && c <= '9');
        Value key =
            number && item.length() < 9 ? Int.of(Long.parseLong(item)) : Text.ofTemplate(item);
        value = Access.item(evaluator.budget(), value, key);
      }
    }
    if (field.group(3) != null) {
      value =
          field.group(3).equals("s")
              ? Printer.str(evaluator.budget(), value)
              : Printer.repr(evaluator.budget(), value);
    }
    Matcher spec = SPEC.matcher(field.group(4) == null ? "" : field.group(4));
    if (!spec.matches()) {
      throw new RenderFailure("invalid format specifier '%s'".formatted(field.group(4)));
    }
    spec(spec, value);
  }

  private void spec(Matcher spec, Value value) {
    boolean number = Numbers.isNumber(value) && !(value instanceof Value.Bool);
    boolean zero = spec.group(4) != null;
    String fill = spec.group(1) != null ? spec.group(1) : zero ? "0" : " ";
    char align =
        spec.group(2) != null ? spec.group(2).charAt(0) : zero && number ? '=' : number ? '>' : '<';
    int width = spec.group(5).isEmpty() ? 0 : Integer.parseInt(spec.group(5));
    int precision = spec.group(7) == null ? -1 : Integer.parseInt(spec.group(7));
    char type = spec.group(8) == null ? ' ' : spec.group(8).charAt(0);
    String sign = spec.group(3) == null ? "-" : spec.group(3);
    boolean grouped = spec.group(6) != null;
    Text body;
    if (number && (type != ' ' || grouped || precision >= 0 || !sign.equals("-"))) {
      body = Text.ofTemplate(number(value, type, precision, grouped, sign));
    } else if (type == ' ' || (type == 's' && value instanceof Text)) {
      body = Printer.str(evaluator.budget(), value);
      body = precision >= 0 ? shortened(body, precision) : body;
    } else {
      throw new RenderFailure(
          "unknown format code '%c' for a '%s'".formatted(type, Types.name(value)));
    }
    pad(body, width, fill, align);
  }

  /**
   * @param type a conversion, or a space for the number's own
   * @param precision digits after the point, or -1
   * @param sign what stands before positive numbers: {@code +}, a space, or {@code -} for nothing
   */
  private static String number(
      Value value, char type, int precision, boolean grouped, String sign) {
    if (!Numbers.isNumber(value)) {
      Texts.refuseUndefined(value);
      throw new RenderFailure("a number is required, not '%s'".formatted(Types.name(value)));
    }
    BigInteger integer = Numbers.integer(value);
    char own = type != ' ' ? type : integer != null ? 'd' : precision >= 0 ? 'g' : 'r';
    boolean negative = integer != null ? integer.signum() < 0 : Numbers.real(value) < 0;
    String digits =
        switch (own) {
          case 'd', 'x', 'X', 'o', 'b', 'c' -> {
            if (integer == null) {
              throw new RenderFailure("format '%c' needs an integer".formatted(own));
            }
            BigInteger magnitude = integer.abs();
            yield switch (own) {
              case 'x' -> magnitude.toString(16);
              case 'X' -> magnitude.toString(16).toUpperCase(Locale.ROOT);
              case 'o' -> magnitude.toString(8);
              case 'b' -> magnitude.toString(2);
              case 'd' -> magnitude.toString();
              default -> throw new RenderFailure("format 'c' is not supported");
            };
          }
          case 'r' -> Numbers.print(Math.abs(Numbers.real(value)));
          default -> real(Math.abs(Numbers.real(value)), own, precision < 0 ? 6 : precision);
        };
    String body = grouped ? grouped(digits) : digits;
    return (negative ? "-" : sign.equals("-") ? "" : sign) + body;
  }

  private static String real(double value, char type, int precision) {
    if (!Double.isFinite(value)) {
      return Numbers.print(value);
    }
    BigDecimal exact = new BigDecimal(value);
    return switch (type) {
      case 'f', 'F' -> exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
      case '%' ->
          new BigDecimal(value * 100).setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
              + "%";
      case 'e', 'E' -> scientific(exact, precision, type);
      case 'g', 'G' -> general(exact, Math.max(1, precision));
      default -> throw new RenderFailure("unknown format code '%c'".formatted(type));
    };
  }

  private static String scientific(BigDecimal exact, int precision, char type) {
    BigDecimal rounded = exact.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - 1 - rounded.scale();
    String mantissa =
        rounded.movePointLeft(exponent).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return "%s%c%s%02d".formatted(mantissa, type, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static String general(BigDecimal exact, int precision) {
    BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
    if (rounded.signum() == 0) {
      return "0";
    }
    BigDecimal shortest = rounded.stripTrailingZeros();
    int exponent = shortest.precision() - 1 - shortest.scale();
    return exponent < -4 || exponent >= precision
        ? scientific(shortest, shortest.precision() - 1, 'e')
        : shortest.toPlainString();
  }

  private static String grouped(String digits) {
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder out = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      out.insert(i, ',');
    }
    return out.toString();
  }
}
