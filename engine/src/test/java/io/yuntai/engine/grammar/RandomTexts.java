package io.yuntai.engine.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Texts of a grammar, byte by byte at random, drawn to their end after a while. */
public final class RandomTexts {
  private static final byte[] CLOSING = "\"}]".getBytes(StandardCharsets.UTF_8);

  private RandomTexts() {}

  /** A text, or null where it did not come to an end within so many bytes. */
  public static @Nullable String of(Grammar grammar, Random random, int maxBytes) {
    StateSpace space = new StateSpace();
    State state = space.before(grammar.root(), StateSpace.END);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (text.size() < maxBytes) {
      if (state.complete && (!space.goesOn(state) || random.nextInt(3) == 0)) {
        return text.toString(StandardCharsets.UTF_8);
      }
      byte next = next(space, state, random, text.size() > maxBytes / 8);
      text.write(next);
      state = space.step(state, next);
    }
    return null;
  }

  private static byte next(StateSpace space, State state, Random random, boolean toTheEnd) {
    if (toTheEnd || random.nextInt(3) == 0) {
      for (byte closing : CLOSING) {
        if (space.step(state, closing) != StateSpace.DEAD_END) {
          return closing;
        }
      }
    }
    List<Byte> printable = new ArrayList<>();
    List<Byte> all = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      if (space.step(state, (byte) value) != StateSpace.DEAD_END) {
        all.add((byte) value);
        if (value > ' ' && value < 0x7F && value != '\\') {
          printable.add((byte) value);
        }
      }
    }
    if (all.isEmpty()) {
      throw new AssertionError("a dead end");
    }
    List<Byte> from = printable.isEmpty() || random.nextInt(8) == 0 ? all : printable;
    return from.get(random.nextInt(from.size()));
  }
}
