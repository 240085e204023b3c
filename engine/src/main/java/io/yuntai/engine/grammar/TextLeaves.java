package io.yuntai.engine.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places inside one {@link Expr.Text}: between characters, and inside the bytes of one. Places
 * inside a character remember the range that it may still come from; where the whole range leads to
 * one state, only that state is remembered, so that places stay few.
 */
final class TextLeaves {
  private static final int BYTES = 256;

  /** Remembered for bytes that lead nowhere. */
  private static final Leaf NOWHERE = Leaf.InLiteral.begin(new byte[1]);

  private final Dfa dfa;
  private final boolean json;
  private final @Nullable Place[] between;
  private final Map<Key, Place> inside = new HashMap<>();
  private byte @Nullable [] plain;

  TextLeaves(Expr.Text text) {
    dfa = text.dfa();
    json = text.encoding() == Expr.Encoding.JSON;
    between = new Place[dfa.size()];
  }

  Leaf begin() {
    return at(dfa.start());
  }

  private enum Kind {
    /** Between two characters. */
    BETWEEN,
    /** In UTF-8, {@code left} continuation bytes to go; the character is from {@code low} on. */
    UTF8,
    /** The same, and whichever they are, {@code state} follows. */
    UTF8_ANY,
    /** After a backslash. */
    ESCAPE,
    /** In {@code \\uXXXX}, {@code left} digits to go; the UTF-16 unit is from {@code low} on. */
    HEX,
    /** The same, and whichever they are, {@code state} follows. */
    HEX_ANY,
    /** Between the two halves of a pair; the character is one of 1,024 from {@code low} on. */
    PAIR,
    /** The same, and whichever it is, {@code state} follows. */
    PAIR_ANY,
    /** In the last digits of a pair's second half; the character is from {@code low} on. */
    LOW_HEX
  }

  private record Key(Kind kind, int state, int low, int left) {}

  private Leaf at(int state) {
    if (!json && dfa.ends(state)) {
      return Leaf.DONE;
    }
    Place place = between[state];
    if (place == null) {
      place = new Place(new Key(Kind.BETWEEN, state, 0, 0), !json && dfa.accepts(state));
      between[state] = place;
    }
    return place;
  }

  private @Nullable Leaf atOrNull(int state) {
    return state == Dfa.DEAD ? null : at(state);
  }

  private Leaf inside(Kind kind, int state, int low, int left) {
    return inside.computeIfAbsent(new Key(kind, state, low, left), key -> new Place(key, false));
  }

  /** Between the lead byte and the last one. */
  private @Nullable Leaf utf8(int state, int low, int left) {
    if (left == 0) {
      return atOrNull(dfa.step(state, low));
    }
    int last = low + (1 << (6 * left)) - 1;
    int high = Math.min(last, CodePoints.MAX);
    int from = low == 0 ? leastOf(left) : low;
    if (from > high || !dfa.someIn(state, from, high)) {
      return null;
    }
    int target = from == low && high == last ? dfa.uniform(state, from, high) : Dfa.DEAD;
    return target == Dfa.DEAD
        ? inside(Kind.UTF8, state, low, left)
        : inside(Kind.UTF8_ANY, target, 0, left);
  }

  /** The first character that is written with so many continuation bytes, and not with fewer. */
  private static int leastOf(int continuationBytes) {
    return continuationBytes == 1 ? 0x80 : continuationBytes == 2 ? 0x800 : 0x10000;
  }

  private @Nullable Leaf hex(int state, int low, int left) {
    int high = low + (1 << (4 * left)) - 1;
    int firstPair = Math.max(low, Character.MIN_HIGH_SURROGATE);
    int lastPair = Math.min(high, Character.MAX_HIGH_SURROGATE);
    boolean pairs =
        firstPair <= lastPair
            && dfa.someIn(state, firstOfPairs(firstPair), firstOfPairs(lastPair) + 0x3FF);
    if (left == 0) {
      if (!pairs) {
        return atOrNull(dfa.step(state, low));
      }
      int first = firstOfPairs(low);
      int target = dfa.uniform(state, first, first + 0x3FF);
      return target == Dfa.DEAD
          ? inside(Kind.PAIR, state, first, 0)
          : inside(Kind.PAIR_ANY, target, 0, 0);
    }
    if (!pairs && !dfa.someIn(state, low, high)) {
      return null;
    }
    int target = pairs ? Dfa.DEAD : dfa.uniform(state, low, high);
    return target == Dfa.DEAD
        ? inside(Kind.HEX, state, low, left)
        : inside(Kind.HEX_ANY, target, 0, left);
  }

  private static int firstOfPairs(int highSurrogate) {
    return 0x10000 + ((highSurrogate - Character.MIN_HIGH_SURROGATE) << 10);
  }

  private @Nullable Leaf lowHex(int state, int low, int left) {
    if (left == 0) {
      return atOrNull(dfa.step(state, low));
    }
    int high = low + (1 << (4 * left)) - 1;
    if (!dfa.someIn(state, low, high)) {
      return null;
    }
    int target = dfa.uniform(state, low, high);
    return target == Dfa.DEAD
        ? inside(Kind.LOW_HEX, state, low, left)
        : inside(Kind.HEX_ANY, target, 0, left);
  }

  private @Nullable Leaf next(Key key, int value) {
    int state = key.state;
    int left = key.left;
    return switch (key.kind) {
      case BETWEEN -> afterCharacter(state, value);
      case UTF8 -> {
        int low = key.low + ((value & 0x3F) << (6 * (left - 1)));
        boolean overlong = key.low == 0 && low < leastOf(left);
        yield (value & 0xC0) == 0x80 && !overlong ? utf8(state, low, left - 1) : null;
      }
      case UTF8_ANY ->
          (value & 0xC0) == 0x80
              ? left == 1 ? at(state) : inside(Kind.UTF8_ANY, state, 0, left - 1)
              : null;
      case ESCAPE -> afterBackslash(state, value);
      case HEX -> {
        int digit = Character.digit(value, 16);
        yield digit < 0 || value >= 0x80
            ? null
            : hex(state, key.low + (digit << (4 * (left - 1))), left - 1);
      }
      case HEX_ANY ->
          value < 0x80 && Character.digit(value, 16) >= 0
              ? left == 1 ? at(state) : inside(Kind.HEX_ANY, state, 0, left - 1)
              : null;
      case LOW_HEX -> {
        int digit = Character.digit(value, 16);
        yield digit < 0 || value >= 0x80
            ? null
            : lowHex(state, key.low + (digit << (4 * (left - 1))), left - 1);
      }
      case PAIR, PAIR_ANY -> betweenHalves(key, value);
    };
  }

  private @Nullable Leaf betweenHalves(Key key, int value) {
    boolean any = key.kind == Kind.PAIR_ANY;
    if (key.left < 3) {
      boolean expected =
          switch (key.left) {
            case 0 -> value == '\\';
            case 1 -> value == 'u';
            default -> value == 'd' || value == 'D';
          };
      return expected ? inside(key.kind, key.state, key.low, key.left + 1) : null;
    }
    int digit = value < 0x80 ? Character.digit(value, 16) : -1;
    if (digit < 0xC) {
      return null;
    }
    return any
        ? inside(Kind.HEX_ANY, key.state, 0, 2)
        : lowHex(key.state, key.low + ((digit - 0xC) << 8), 2);
  }

  private @Nullable Leaf afterCharacter(int state, int value) {
    if (json) {
      if (value == '"') {
        return dfa.accepts(state) ? Leaf.DONE : null;
      }
      if (value == '\\') {
        return dfa.ends(state) ? null : inside(Kind.ESCAPE, state, 0, 0);
      }
      if (value < 0x20) {
        return null;
      }
    }
    if (value < 0x80) {
      return atOrNull(dfa.step(state, value));
    }
    if (value < 0xC2 || value > 0xF4) {
      return null;
    }
    int left = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
    return utf8(state, (value & (0x3F >> left)) << (6 * left), left);
  }

  private @Nullable Leaf afterBackslash(int state, int value) {
    return switch (value) {
      case '"', '\\', '/' -> atOrNull(dfa.step(state, value));
      case 'b' -> atOrNull(dfa.step(state, '\b'));
      case 'f' -> atOrNull(dfa.step(state, '\f'));
      case 'n' -> atOrNull(dfa.step(state, '\n'));
      case 'r' -> atOrNull(dfa.step(state, '\r'));
      case 't' -> atOrNull(dfa.step(state, '\t'));
      case 'u' -> hex(state, 0, 4);
      default -> null;
    };
  }

  /** How many ordinary characters can follow each state, whichever they are. */
  private byte[] plain() {
    if (plain == null) {
      byte[] counts = new byte[dfa.size()];
      Arrays.fill(counts, (byte) TokenTrie.MAX_PLAIN_CHARS);
      boolean changed = true;
      while (changed) {
        changed = false;
        for (int state = 0; state < counts.length; state++) {
          byte count = (byte) Math.min(counts[state], afterOneMore(state, counts));
          changed |= count != counts[state];
          counts[state] = count;
        }
      }
      plain = counts;
    }
    return plain;
  }

  private int afterOneMore(int state, byte[] counts) {
    int[] edges = dfa.edges(state);
    int next = ' ';
    int least = TokenTrie.MAX_PLAIN_CHARS;
    for (int i = 0; i < edges.length; i += 3) {
      if (edges[i + 1] < next) {
        continue;
      }
      if (!onlyUnusual(next, edges[i] - 1)) {
        return 0;
      }
      least = Math.min(least, counts[edges[i + 2]]);
      next = edges[i + 1] + 1;
    }
    return onlyUnusual(next, CodePoints.MAX) ? Math.min(TokenTrie.MAX_PLAIN_CHARS, 1 + least) : 0;
  }

  /** Whether no ordinary character is in a range. */
  private static boolean onlyUnusual(int first, int last) {
    for (int c = first; c <= last; c++) {
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (c != '"' && c != '\\' && !surrogate) {
        return false;
      }
      if (c == Character.MIN_SURROGATE) {
        c = Character.MAX_SURROGATE;
      }
    }
    return true;
  }

  /** A place; keeps where each byte leads once it was asked. */
  private final class Place extends Leaf {
    private final Key key;
    private @Nullable Leaf @Nullable [] next;

    Place(Key key, boolean accepting) {
      super(accepting);
      this.key = key;
    }

    @Override
    @Nullable Leaf step(byte value) {
      @Nullable Leaf[] known = next;
      if (known == null) {
        known = new Leaf[BYTES];
        next = known;
      }
      Leaf leaf = known[value & 0xFF];
      if (leaf == null) {
        Leaf found = TextLeaves.this.next(key, value & 0xFF);
        leaf = found == null ? NOWHERE : found;
        known[value & 0xFF] = leaf;
      }
      return leaf.equals(NOWHERE) ? null : leaf;
    }

    @Override
    int plainChars() {
      return key.kind == Kind.BETWEEN ? plain()[key.state] : 0;
    }
  }
}
