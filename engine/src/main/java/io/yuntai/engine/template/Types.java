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
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's types: their names, truth, length and elements, and how JSON values become them. */
final class Types {
  private static final int MAX_JSON_DEPTH = 400;

  private Types() {}

  /** A value as parsed JSON, or a {@link TemplateText}. */
  static Value fromJson(@Nullable Object json) {
    return fromJson(json, 0);
  }

  private static Value fromJson(@Nullable Object json, int depth) {
    if (depth > MAX_JSON_DEPTH) {
      throw new RenderFailure("a variable nests more than %d levels".formatted(MAX_JSON_DEPTH));
    }
    return switch (json) {
      case null -> None.NONE;
      case TemplateText text -> Text.ofTemplate(text.value());
      case String text -> Text.ofRequest(text);
      case Boolean bool -> Bool.of(bool);
      case BigInteger number -> new Int(number);
      case BigDecimal number -> new Real(number.doubleValue());
      case Double number -> new Real(number);
      case Float number -> new Real(number);
      case Number number -> Int.of(number.longValue());
      case List<?> list -> {
        List<Value> items = new ArrayList<>(list.size());
        for (Object item : list) {
          items.add(fromJson(item, depth + 1));
        }
        yield new ListValue(items);
      }
      case Map<?, ?> map -> {
        Dict dict = new Dict();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          dict.put(
              Text.ofRequest(String.valueOf(entry.getKey())),
              fromJson(entry.getValue(), depth + 1));
        }
        yield dict;
      }
      default ->
          throw new RenderFailure(
              "a variable is no JSON value but a %s".formatted(json.getClass().getSimpleName()));
    };
  }

  /** The type's name in Python. */
  static String name(Value value) {
    return switch (value) {
      case Text text -> "str";
      case Dict dict -> "dict";
      case None none -> "NoneType";
      case Undefined undefined -> "Undefined";
      case Bool bool -> "bool";
      case Int number -> "int";
      case Real real -> "float";
      case ListValue list -> "list";
      case Tuple tuple -> "tuple";
      case DictView view ->
          switch (view.part()) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
          };
      case Range range -> "range";
      case Stream stream -> "generator";
      case Namespace namespace -> "Namespace";
      case Function function -> "function";
    };
  }

  /** Python's truth of a value. */
  static boolean isTrue(Value value) {
    return switch (value) {
      case Text text -> !text.isEmpty();
      case Dict dict -> dict.size() > 0;
      case None none -> false;
      case Undefined undefined -> false;
      case Bool bool -> bool == Bool.TRUE;
      case Int number -> number.value().signum() != 0;
      case Real real -> real.value() != 0;
      case ListValue list -> !list.items().isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case DictView view -> view.dict().size() > 0;
      case Range range -> range.length() > 0;
      case Stream stream -> true;
      case Namespace namespace -> true;
      case Function function -> true;
    };
  }

  /** Python's {@code len}, or -1 where a value has none. */
  static int length(Value value) {
    return switch (value) {
      case Text text -> text.codePoints();
      case Dict dict -> dict.size();
      case ListValue list -> list.items().size();
      case Tuple tuple -> tuple.items().size();
      case DictView view -> view.dict().size();
      case Range range -> range.length();
      case Undefined undefined -> 0;
      case None none -> -1;
      case Bool bool -> -1;
      case Int number -> -1;
      case Real real -> -1;
      case Stream stream -> -1;
      case Namespace namespace -> -1;
      case Function function -> -1;
    };
  }

  /** Whether {@code for} runs over a value. */
  static boolean isIterable(Value value) {
    return length(value) >= 0 || value instanceof Stream;
  }

  /** The elements that {@code for} sees; takes those of a generator. */
  static List<Value> elements(Budget budget, Value value) {
    if (value instanceof Stream stream) {
      List<Value> items = new ArrayList<>();
      Iterator<Value> rest = stream.rest();
      while (rest.hasNext()) {
        budget.elements(1);
        items.add(rest.next());
      }
      return items;
    }
    int length = length(value);
    if (length < 0) {
      throw new RenderFailure("'%s' object is not iterable".formatted(name(value)));
    }
    return switch (value) {
      case ListValue list -> list.items();
      case Tuple tuple -> tuple.items();
      case Text text -> {
        budget.elements(length);
        yield characters(text);
      }
      case Dict dict -> view(budget, new DictView(DictView.Part.KEYS, dict));
      case DictView view -> view(budget, view);
      case Range range -> {
        budget.elements(length);
        List<Value> items = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          items.add(range.get(i));
        }
        yield items;
      }
      default -> List.of();
    };
  }

  private static List<Value> view(Budget budget, DictView view) {
    budget.elements(view.dict().size());
    List<Value> items = new ArrayList<>(view.dict().size());
    for (Dict.Entry entry : view.dict().entries()) {
      items.add(
          switch (view.part()) {
            case KEYS -> entry.key();
            case VALUES -> entry.value();
            case ITEMS -> new Tuple(List.of(entry.key(), entry.value()));
          });
    }
    return items;
  }

  private static List<Value> characters(Text text) {
    List<Value> items = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int next = at + Character.charCount(text.chars.codePointAt(at));
      items.add(text.substring(at, next));
      at = next;
    }
    return items;
  }
}
