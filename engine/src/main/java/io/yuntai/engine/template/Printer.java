package io.yuntai.engine.template;

import io.yuntai.engine.template.Value.Bool;
import io.yuntai.engine.template.Value.DictView;
import io.yuntai.engine.template.Value.Function;
import io.yuntai.engine.template.Value.Int;
import io.yuntai.engine.template.Value.ListValue;
import io.yuntai.engine.template.Value.Namespace;
import io.yuntai.engine.template.Value.None;
import io.yuntai.engine.template.Value.Range;
import io.yuntai.engine.template.Value.Real;
import io.yuntai.engine.template.Value.Stream;
import io.yuntai.engine.template.Value.Tuple;
import io.yuntai.engine.template.Value.Undefined;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Printer {
  private final Budget budget;
  private final TextBuilder out;

  private Printer(Budget budget) {
    this.budget = budget;
    out = new TextBuilder(budget);
  }

  /** {@code str(value)}: what an output prints. */
  static Text str(Budget budget, Value value) {
    return switch (value) {
      case Text text -> text;
      case Undefined undefined -> Text.EMPTY;
      default -> repr(budget, value);
    };
  }

  /** {@code repr(value)}: how a value prints inside a list. */
  static Text repr(Budget budget, Value value) {
    Printer printer = new Printer(budget);
    printer.print(value);
    return printer.out.build();
  }

  private void print(Value value) {
    budget.enter();
    switch (value) {
      case Text text -> quote(text);
      case None none -> out.append("None");
      case Undefined undefined -> out.append("Undefined");
      case Bool bool -> out.append(bool == Bool.TRUE ? "True" : "False");
      case Int number -> out.append(number.value().toString());
      case Real real -> out.append(Numbers.print(real.value()));
      case ListValue list -> sequence("[", list.items(), "]");
      case Tuple tuple -> sequence("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
      case Dict dict -> dict(dict);
      case DictView view -> view(view);
      case Range range -> range(range);
      case Stream stream -> out.append("<generator object>");
      case Namespace namespace -> namespace(namespace);
      case Function function -> out.append("<function " + function.name() + ">");
    }
    budget.leave();
  }

  private void sequence(String open, List<Value> items, String close) {
    out.append(open);
    String separator = "";
    for (Value item : items) {
      out.append(separator);
      print(item);
      separator = ", ";
    }
    out.append(close);
  }

  private void dict(Dict dict) {
    out.append("{");
    String separator = "";
    for (Dict.Entry entry : dict.entries()) {
      out.append(separator);
      print(entry.key());
      out.append(": ");
      print(entry.value());
      separator = ", ";
    }
    out.append("}");
  }

  private void view(DictView view) {
    out.append(Types.name(view) + "([");
    String separator = "";
    for (Dict.Entry entry : view.dict().entries()) {
      out.append(separator);
      switch (view.part()) {
        case KEYS -> print(entry.key());
        case VALUES -> print(entry.value());
        case ITEMS -> print(new Tuple(List.of(entry.key(), entry.value())));
      }
      separator = ", ";
    }
    out.append("])");
  }

  private void range(Range range) {
    out.append("range(%d, %d".formatted(range.start(), range.stop()));
    out.append(range.step() == 1 ? ")" : ", %d)".formatted(range.step()));
  }

  private void namespace(Namespace namespace) {
    out.append("<Namespace {");
    Iterator<Map.Entry<String, Value>> members = namespace.members().entrySet().iterator();
    while (members.hasNext()) {
      Map.Entry<String, Value> member = members.next();
      quote(Text.ofTemplate(member.getKey()));
      out.append(": ");
      // A namespace may hold itself; Python prints such a one without end too.
      print(member.getValue() instanceof Namespace ? Text.ofTemplate("...") : member.getValue());
      out.append(members.hasNext() ? ", " : "");
    }
    out.append("}>");
  }

  private void quote(Text text) {
    boolean single = text.chars.indexOf('\'') < 0 || text.chars.indexOf('"') >= 0;
    out.append(single ? "'" : "\"");
    int plainFrom = 0;
    int at = 0;
    while (at < text.length()) {
      int point = text.chars.codePointAt(at);
      int next = at + Character.charCount(point);
      if (point == '\\' || (single && point == '\'') || !isPrintable(point)) {
        out.append(text, plainFrom, at);
        out.appendFor(text, at, escape(point));
        plainFrom = next;
      }
      at = next;
    }
    out.append(text, plainFrom, text.length());
    out.append(single ? "'" : "\"");
  }

  private static String escape(int point) {
    return switch (point) {
      case '\\' -> "\\\\";
      case '\'' -> "\\'";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          point < 0x100
              ? "\\x%02x".formatted(point)
              : point < 0x10000 ? "\\u%04x".formatted(point) : "\\U%08x".formatted(point);
    };
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
