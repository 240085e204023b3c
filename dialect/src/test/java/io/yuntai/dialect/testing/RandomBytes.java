package io.yuntai.dialect.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Texts, lists and damage at random, from one source. */
public final class RandomBytes {
  private final RandomGenerator random;

  /**
   * @param random where they come from
   */
  public RandomBytes(RandomGenerator random) {
    this.random = random;
  }

  /** Characters of every length in UTF-8, and all that JSON escapes. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int point =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(0x20);
            case 1 -> "\"\\/{}[]:,'<|>".charAt(random.nextInt(13));
            case 2 -> random.nextInt(0x80);
            case 3 -> random.nextInt(0xD800);
            default -> random.nextInt(0xE000, 0x110000);
          };
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  /** A value or none. */
  public <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  /** A list of a random length, both ends included. */
  public <T> List<T> list(int min, int max, Supplier<? extends T> element) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(min, max + 1); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }

  /** One of these. */
  public <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Some bytes changed, cut off or doubled. */
  public byte[] damaged(byte[] valid) {
    byte[] body = valid.clone();
    for (int k = 1 + random.nextInt(3); k > 0; k--) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(5)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
        case 3 -> body[at] = (byte) "{}[]\",:0-e.ntf\\u".charAt(random.nextInt(16));
        default -> {
          byte[] longer = Arrays.copyOf(body, body.length + random.nextInt(1, 9));
          int from = random.nextInt(body.length);
          System.arraycopy(
              body, from, longer, at, Math.min(body.length - from, longer.length - at));
          body = longer;
        }
      }
    }
    return body;
  }
}
