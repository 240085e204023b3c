package io.yuntai.ledger.journal;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One file of a {@link Journal}. Guarded by the journal. */
final class Segment {
  private static final String PREFIX = "usage-";
  private static final String SUFFIX = ".log";

  final long number;
  private final Disk.@Nullable Appender appender;

  /** Where the next record begins. */
  int position;

  /** Requests whose last record lies here and is not settled. */
  int live;

  /**
   * @param appender null for one of an earlier process
   */
  Segment(long number, Disk.@Nullable Appender appender) {
    this.number = number;
    this.appender = appender;
  }

  Disk.Appender appender() {
    if (appender == null) {
      throw new IllegalStateException(name() + " is of an earlier process");
    }
    return appender;
  }

  String name() {
    return name(number);
  }

  static String name(long number) {
    return PREFIX + HexFormat.of().toHexDigits(number) + SUFFIX;
  }

  static boolean isName(String file) {
    return file.startsWith(PREFIX) && file.endsWith(SUFFIX);
  }

  /**
   * The number in a name.
   *
   * @throws JournalException when there is none
   */
  static long number(String name) {
    String digits = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
    try {
      return HexFormat.fromHexDigitsToLong(digits);
    } catch (IllegalArgumentException e) {
      throw new JournalException("The journal holds a file that is not its own: " + name, e);
    }
  }
}
