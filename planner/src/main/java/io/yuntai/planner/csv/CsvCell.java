package io.yuntai.planner.csv;

import java.util.regex.Pattern;

/** One cell of comma-separated values. */
public final class CsvCell {
  private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");

  private CsvCell() {}

  /** A text as it is written, in quotes where it must be (RFC 4180). */
  public static String of(String text) {
    return QUOTED.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
