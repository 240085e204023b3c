package io.yuntai.cli.doctor;

/**
 * What one look found.
 *
 * @param subject what was looked at, such as {@code disk}
 * @param level how it is
 * @param text what was seen
 * @param advice what to do; empty when it is well
 */
record Finding(String subject, Level level, String text, String advice) {
  /** How a thing is. */
  enum Level {
    OK,
    WARNING,
    PROBLEM
  }

  static Finding ok(String subject, String text) {
    return new Finding(subject, Level.OK, text, "");
  }

  static Finding warning(String subject, String text, String advice) {
    return new Finding(subject, Level.WARNING, text, advice);
  }

  static Finding problem(String subject, String text, String advice) {
    return new Finding(subject, Level.PROBLEM, text, advice);
  }
}
