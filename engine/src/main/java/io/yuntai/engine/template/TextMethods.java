package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class TextMethods {
  private interface Method {
    Value apply(Evaluator evaluator, Text self, Arguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("capitalize", (e, self, a) -> Texts.capitalize(self)),
          Map.entry("casefold", (e, self, a) -> Texts.lower(Texts.lower(Texts.upper(self)))),
          Map.entry("center", (e, self, a) -> pad(e, self, a, Texts.BOTH)),
          Map.entry("count", TextMethods::count),
          Map.entry("endswith", (e, self, a) -> ends(self, a, false)),
          Map.entry("expandtabs", TextMethods::expandTabs),
          Map.entry("find", (e, self, a) -> find(self, a, false, false)),
          Map.entry("format", (e, self, a) -> Formats.braces(e, self, a)),
          Map.entry("index", (e, self, a) -> find(self, a, false, true)),
          Map.entry("isalnum", (e, self, a) -> all(self, Character::isLetterOrDigit)),
          Map.entry("isalpha", (e, self, a) -> all(self, Character::isLetter)),
          Map.entry("isascii", (e, self, a) -> Bool.of(self.chars.chars().allMatch(c -> c < 128))),
          Map.entry("isdecimal", (e, self, a) -> all(self, Character::isDigit)),
          Map.entry("isdigit", (e, self, a) -> all(self, Character::isDigit)),
          Map.entry("islower", (e, self, a) -> cased(self, Character::isUpperCase)),
          Map.entry("isnumeric", (e, self, a) -> all(self, TextMethods::isNumeric)),
          Map.entry("isspace", (e, self, a) -> all(self, Texts::isSpace)),
          Map.entry(
              "istitle",
              (e, self, a) ->
                  Bool.of(
                      self.chars.codePoints().anyMatch(Texts::isCased)
                          && Texts.title(self).chars.equals(self.chars))),
          Map.entry("isupper", (e, self, a) -> cased(self, Character::isLowerCase)),
          Map.entry("join", TextMethods::join),
          Map.entry("ljust", (e, self, a) -> pad(e, self, a, Texts.RIGHT)),
          Map.entry("lower", (e, self, a) -> Texts.lower(self)),
          Map.entry("lstrip", (e, self, a) -> strip("lstrip", self, a, Texts.LEFT)),
          Map.entry("partition", (e, self, a) -> partition(self, a, false)),
          Map.entry("removeprefix", TextMethods::removePrefix),
          Map.entry("removesuffix", TextMethods::removeSuffix),
          Map.entry("replace", TextMethods::replace),
          Map.entry("rfind", (e, self, a) -> find(self, a, true, false)),
          Map.entry("rindex", (e, self, a) -> find(self, a, true, true)),
          Map.entry("rjust", (e, self, a) -> pad(e, self, a, Texts.LEFT)),
          Map.entry("rpartition", (e, self, a) -> partition(self, a, true)),
          Map.entry("rsplit", (e, self, a) -> split(e, self, a, true)),
          Map.entry("rstrip", (e, self, a) -> strip("rstrip", self, a, Texts.RIGHT)),
          Map.entry("split", (e, self, a) -> split(e, self, a, false)),
          Map.entry(
              "splitlines",
              (e, self, a) ->
                  new ListValue(
                      Texts.lines(
                          e.budget(), self, a.bind("splitlines", "keepends").flag(0, false)))),
          Map.entry("startswith", (e, self, a) -> ends(self, a, true)),
          Map.entry("strip", (e, self, a) -> strip("strip", self, a, Texts.BOTH)),
          Map.entry("swapcase", (e, self, a) -> swapCase(self)),
          Map.entry("title", (e, self, a) -> Texts.title(self)),
          Map.entry("upper", (e, self, a) -> Texts.upper(self)),
          Map.entry("zfill", TextMethods::zeroFill));

  private TextMethods() {}

  static @Nullable Value find(Text self, String name) {
    Method method = METHODS.get(name);
    return method == null
        ? null
        : new Function(
            name,
            (evaluator, arguments) -> {
              evaluator.budget().work(self.length());
              return method.apply(evaluator, self, arguments);
            });
  }

  private static Value strip(String name, Text self, Arguments arguments, int ends) {
    Value chars = arguments.bind(name, "chars").findSome(0);
    return Texts.strip(self, chars == null ? null : Texts.require(name, chars), ends);
  }

  private static Value split(Evaluator e, Text self, Arguments arguments, boolean fromRight) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    Value separator = bound.findSome(0);
    return new ListValue(
        Texts.split(
            e.budget(),
            self,
            separator == null ? null : Texts.require("split", separator),
            bound.number(1, -1),
            fromRight));
  }

  private static Value partition(Text self, Arguments arguments, boolean fromRight) {
    Text separator = arguments.bind("partition", "sep").text(0);
    if (separator.isEmpty()) {
      throw new RenderFailure("empty separator");
    }
    int at =
        fromRight ? self.chars.lastIndexOf(separator.chars) : self.chars.indexOf(separator.chars);
    if (at < 0) {
      return new Tuple(
          fromRight
              ? List.of(Text.EMPTY, Text.EMPTY, self)
              : List.of(self, Text.EMPTY, Text.EMPTY));
    }
    return new Tuple(
        List.of(self.substring(0, at), separator, self.substring(at + separator.length())));
  }

  private static Value replace(Evaluator e, Text self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    return Texts.replace(e.budget(), self, bound.text(0), bound.text(1), bound.number(2, -1));
  }

  private static Value removePrefix(Evaluator e, Text self, Arguments arguments) {
    Text prefix = arguments.bind("removeprefix", "prefix").text(0);
    return self.chars.startsWith(prefix.chars) ? self.substring(prefix.length()) : self;
  }

  private static Value removeSuffix(Evaluator e, Text self, Arguments arguments) {
    Text suffix = arguments.bind("removesuffix", "suffix").text(0);
    return self.chars.endsWith(suffix.chars)
        ? self.substring(0, self.length() - suffix.length())
        : self;
  }

  private static Value join(Evaluator e, Text self, Arguments arguments) {
    List<Value> parts = Types.elements(e.budget(), arguments.bind("join", "iterable").get(0));
    for (Value part : parts) {
      Texts.require("join", part);
    }
    return Texts.join(e.budget(), self, parts);
  }

  /** The part of a text between a method's {@code start} and {@code end} arguments. */
  private static @Nullable Text window(Text self, Arguments.Bound bound) {
    int length = self.codePoints();
    Value start = bound.findSome(1);
    Value end = bound.findSome(2);
    int from = start == null ? 0 : clip(Numbers.index("start", start), length);
    int to = end == null ? length : clip(Numbers.index("end", end), length);
    if ((start != null && Numbers.index("start", start) > length) || from > to) {
      return null;
    }
    return self.substring(self.offset(from), self.offset(to));
  }

  private static int clip(int index, int length) {
    long at = index < 0 ? (long) index + length : index;
    return (int) Math.max(0, Math.min(at, length));
  }

  private static Value ends(Text self, Arguments arguments, boolean start) {
    String name = start ? "startswith" : "endswith";
    Arguments.Bound bound = arguments.bind(name, "prefix", "start", "end");
    Text window = window(self, bound);
    List<Value> wanted =
        bound.get(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.get(0));
    boolean found = false;
    for (Value value : wanted) {
      String part = Texts.require(name, value).chars;
      found |=
          window != null && (start ? window.chars.startsWith(part) : window.chars.endsWith(part));
    }
    return Bool.of(found);
  }

  private static Value find(Text self, Arguments arguments, boolean last, boolean strict) {
    Arguments.Bound bound = arguments.bind("find", "sub", "start", "end");
    Text window = window(self, bound);
    String part = bound.text(0).chars;
    int at =
        window == null ? -1 : last ? window.chars.lastIndexOf(part) : window.chars.indexOf(part);
    if (at < 0 || window == null) {
      if (strict) {
        throw new RenderFailure("substring not found");
      }
      return Int.of(-1);
    }
    Value start = bound.findSome(1);
    int shift = start == null ? 0 : clip(Numbers.index("start", start), self.codePoints());
    return Int.of(shift + (long) window.chars.codePointCount(0, at));
  }

  private static Value count(Evaluator e, Text self, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    Text window = window(self, bound);
    String part = bound.text(0).chars;
    if (window == null) {
      return Int.of(0);
    }
    if (part.isEmpty()) {
      return Int.of(window.codePoints() + 1L);
    }
    long hits = 0;
    for (int at = window.chars.indexOf(part);
        at >= 0;
        at = window.chars.indexOf(part, at + part.length())) {
      hits++;
    }
    return Int.of(hits);
  }

  private static Value all(Text self, IntPredicate predicate) {
    return Bool.of(!self.isEmpty() && self.chars.codePoints().allMatch(predicate));
  }

  private static boolean isNumeric(int point) {
    return switch (Character.getType(point)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static Value cased(Text self, IntPredicate wrongCase) {
    return Bool.of(
        self.chars.codePoints().anyMatch(Texts::isCased)
            && self.chars.codePoints().noneMatch(wrongCase));
  }

  private static Value swapCase(Text self) {
    StringBuilder out = new StringBuilder();
    self.chars
        .codePoints()
        .mapToObj(Character::toString)
        .map(c ->
            Character.isUpperCase(c.codePointAt(0))
                ? c.toLowerCase(Locale.ROOT)
                : Character.isLowerCase(c.codePointAt(0)) ? c.toUpperCase(Locale.ROOT) : c)
        .forEach(out::append);
    return self.rewritten(out.toString());
  }

  /** {@code ljust}, {@code rjust} and {@code center}; {@code ends} says where characters go. */
  private static Value pad(Evaluator e, Text self, Arguments arguments, int ends) {
    Arguments.Bound bound = arguments.bind("padding", "width", "fillchar");
    Text fill = Texts.require("padding", bound.get(1, Text.ofTemplate(" ")));
    if (fill.codePoints() != 1) {
      throw new RenderFailure("padding needs one character to fill with");
    }
    int width = Numbers.index("padding", bound.get(0));
    return pad(e.budget(), self, width, fill, ends);
  }

  static Text pad(Budget budget, Text self, int width, Text fill, int ends) {
    int missing = Math.max(0, width - self.codePoints());
    int left =
        switch (ends) {
          case Texts.LEFT -> missing;
          case Texts.RIGHT -> 0;
          default -> missing / 2 + (missing & width & 1);
        };
    return new TextBuilder(budget)
        .repeat(fill, left)
        .append(self)
        .repeat(fill, missing - left)
        .build();
  }

  private static Value zeroFill(Evaluator e, Text self, Arguments arguments) {
    int width = Numbers.index("zfill", arguments.bind("zfill", "width").get(0));
    int sign = self.chars.startsWith("-") || self.chars.startsWith("+") ? 1 : 0;
    return new TextBuilder(e.budget())
        .append(self, 0, sign)
        .repeat(Text.ofTemplate("0"), Math.max(0, width - self.codePoints()))
        .append(self, sign, self.length())
        .build();
  }

  private static Value expandTabs(Evaluator e, Text self, Arguments arguments) {
    int size = arguments.bind("expandtabs", "tabsize").number(0, 8);
    TextBuilder out = new TextBuilder(e.budget());
    int column = 0;
    List<Value> parts = new ArrayList<>(Types.elements(e.budget(), self));
    for (Value value : parts) {
      Text part = (Text) value;
      if (part.chars.equals("\t")) {
        int spaces = size <= 0 ? 0 : size - column % size;
        out.repeat(Text.ofTemplate(" "), spaces);
        column += spaces;
      } else {
        out.append(part);
        column = part.chars.equals("\n") || part.chars.equals("\r") ? 0 : column + 1;
      }
    }
    return out.build();
  }
}
