package io.yuntai.cli.terminal;

/** Where a command tells what it does and what came of it. For one thread at a time. */
public interface Display {
  /** A line of the result (stdout). */
  void result(String line);

  /** A line about the work (stderr). */
  void note(String line);

  /**
   * The state of the work, in one line that the next one replaces; where there is no terminal,
   * nothing is shown.
   */
  void progress(String line);

  /** Whether {@link #progress} is shown. */
  boolean showsProgress();

  /** Colours of {@link #result}. */
  Style resultStyle();

  /** Colours of {@link #note} and {@link #progress}. */
  Style noteStyle();

  /** Columns of the terminal that shows progress. */
  int columns();
}
