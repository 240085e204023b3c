package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.None;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make a string of what they get. */
final class TextFilters {
  private static final Pattern WORD_START =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    filters.put("capitalize", (e, v, a) -> Texts.capitalize(str(e, v)));
    filters.put("center", TextFilters::center);
    filters.put("format", (e, v, a) -> Formats.percent(e, str(e, v), a));
    filters.put("indent", TextFilters::indent);
    filters.put("lower", (e, v, a) -> Texts.lower(str(e, v)));
    filters.put("replace", TextFilters::replace);
    filters.put("safe", (e, v, a) -> str(e, v));
    filters.put("string", (e, v, a) -> str(e, v));
    filters.put("title", (e, v, a) -> title(str(e, v)));
    filters.put("trim", TextFilters::trim);
    filters.put("truncate", TextFilters::truncate);
    filters.put("upper", (e, v, a) -> Texts.upper(str(e, v)));
    filters.put("wordcount", (e, v, a) -> Int.of(WORD.matcher(str(e, v).chars).results().count()));
  }

  private static Text str(Evaluator evaluator, Value value) {
    return Printer.str(evaluator.budget(), value);
  }

  private static Value center(Evaluator e, Value value, Arguments arguments) {
    int width = arguments.bind("center", "width").number(0, 80);
    return TextMethods.pad(e.budget(), str(e, value), width, Text.ofTemplate(" "), Texts.BOTH);
  }

  private static Value trim(Evaluator e, Value value, Arguments arguments) {
    Value chars = arguments.bind("trim", "chars").findSome(0);
    return Texts.strip(
        str(e, value), chars == null ? null : Texts.require("trim", chars), Texts.BOTH);
  }

  private static Value replace(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    int count = bound.get(2, None.NONE) == None.NONE ? -1 : bound.number(2, -1);
    return Texts.replace(
        e.budget(), str(e, value), str(e, bound.get(0)), str(e, bound.get(1)), count);
  }

  /** The filter's words begin after white space and brackets; the method's at each letter. */
  private static Text title(Text text) {
    StringBuilder out = new StringBuilder();
    Matcher gap = WORD_START.matcher(text.chars);
    int from = 0;
    while (gap.find()) {
      word(text.chars.substring(from, gap.start()), out);
      out.append(gap.group());
      from = gap.end();
    }
    word(text.chars.substring(from), out);
    return text.rewritten(out.toString());
  }

  private static void word(String word, StringBuilder out) {
    if (!word.isEmpty()) {
      int first = word.offsetByCodePoints(0, 1);
      out.append(word.substring(0, first).toUpperCase(Locale.ROOT));
      out.append(word.substring(first).toLowerCase(Locale.ROOT));
    }
  }

  private static Value indent(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Value width = bound.get(0, Int.of(4));
    Text indentation =
        width instanceof Text text
            ? text
            : new TextBuilder(e.budget())
                .repeat(Text.ofTemplate(" "), Numbers.index("indent", width))
                .build();
    boolean first = bound.flag(1, false);
    boolean blank = bound.flag(2, false);
    Text text = Texts.require("indent", value);
    // Jinja appends a newline before it splits, so that a last empty line counts.
    Text closed = new TextBuilder(e.budget()).append(text).append("\n").build();
    TextBuilder out = new TextBuilder(e.budget());
    boolean isFirst = true;
    for (Value line : Texts.lines(e.budget(), closed, false)) {
      if (!isFirst) {
        out.append("\n");
      }
      if (isFirst ? first : blank || Types.isTrue(line)) {
        out.append(indentation);
      }
      out.append((Text) line);
      isFirst = false;
    }
    return out.build();
  }

  private static Value truncate(Evaluator e, Value value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    Text text = Texts.require("truncate", value);
    int length = bound.number(0, 255);
    Text end = Texts.require("truncate", bound.get(2, Text.ofTemplate("...")));
    Value leeway = bound.get(3, None.NONE);
    int slack = leeway == None.NONE ? 5 : Numbers.index("truncate", leeway);
    if (length < end.codePoints() || slack < 0) {
      throw new RenderFailure("truncate needs a length of at least its end's, and a leeway from 0");
    }
    if (text.codePoints() <= (long) length + slack) {
      return text;
    }
    Text cut = text.substring(0, text.offset(length - end.codePoints()));
    if (!bound.flag(1, false)) {
      List<Value> parts = Texts.split(e.budget(), cut, Text.ofTemplate(" "), 1, true);
      cut = (Text) parts.getFirst();
    }
    return new TextBuilder(e.budget()).append(cut).append(end).build();
  }
}
