package io.yuntai.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary in insertion order. Keys that are equal in Python are one key: {@code 1}, {@code
 * 1.0} and {@code True}.
 */
final class Dict implements Value {
  /** A key as it was first given, and its value. */
  record Entry(Value key, Value value) {}

  private static final int MAX_KEY_PARTS = 100;

  private enum NoneKey {
    NONE
  }

  private record RealKey(double value) {}

  private record TupleKey(List<Object> items) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /** Only while a dictionary is made. */
  void put(Value key, Value value) {
    Object hash = keyOf(key);
    Entry old = entries.get(hash);
    entries.put(hash, new Entry(old == null ? key : old.key(), value));
  }

  @Nullable Value get(Value key) {
    Entry entry = entries.get(keyOf(key));
    return entry == null ? null : entry.value();
  }

  @Nullable Value get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  boolean contains(Value key) {
    return entries.containsKey(keyOf(key));
  }

  int size() {
    return entries.size();
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  /** What Java's maps compare, so that equal keys are equal objects. */
  static Object keyOf(Value key) {
    return keyOf(key, new int[1]);
  }

  private static Object keyOf(Value key, int[] parts) {
    if (++parts[0] > MAX_KEY_PARTS) {
      throw new RenderFailure("a key has more than %d parts".formatted(MAX_KEY_PARTS));
    }
    return switch (key) {
      case Text text -> text.chars;
      case Int number -> number.value();
      case Bool bool -> bool == Bool.TRUE ? BigInteger.ONE : BigInteger.ZERO;
      case Real real -> realKey(real.value());
      case None none -> NoneKey.NONE;
      case Tuple tuple -> {
        List<Object> keys = new ArrayList<>();
        for (Value item : tuple.items()) {
          keys.add(keyOf(item, parts));
        }
        yield new TupleKey(keys);
      }
      case Undefined undefined -> Undefined.class;
      case Function function -> function;
      case Range range -> range;
      case Stream stream -> stream;
      case Namespace namespace -> namespace;
      case ListValue list -> throw unhashable(list);
      case Dict dict -> throw unhashable(dict);
      case DictView view -> throw unhashable(view);
    };
  }

  private static Object realKey(double value) {
    boolean whole = value == Math.rint(value) && !Double.isInfinite(value);
    return whole ? new BigDecimal(value).toBigInteger() : new RealKey(value);
  }

  private static RenderFailure unhashable(Value key) {
    return new RenderFailure("unhashable type: '%s'".formatted(Types.name(key)));
  }
}
