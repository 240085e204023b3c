package io.yuntai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a hand-written page that a program writes: what stands between {@code <!-- NAME -->}
 * and {@code <!-- end of NAME -->}, each in a line of its own.
 */
public final class MarkedText {
  private MarkedText() {}

  /**
   * Replaces the part.
   *
   * @throws BenchException if the page can't be read or written, or has no such part
   */
  public static void replace(Path page, String name, String text) {
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- end of " + name + " -->";
    try {
      String old = Files.readString(page);
      int from = old.indexOf(begin);
      int to = old.indexOf(end, Math.max(0, from));
      if (from < 0 || to < 0) {
        throw new BenchException(
            page + " has no place for the results: the lines " + begin.strip() + " and " + end);
      }
      Files.writeString(
          page, old.substring(0, from + begin.length()) + text.strip() + "\n" + old.substring(to));
    } catch (IOException e) {
      throw new BenchException(page + " can't be read or written: " + e.getMessage(), e);
    }
  }
}
