package io.yuntai.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The process's own streams, in UTF-8. */
public final class Screen implements Display {
  private static final int DEFAULT_COLUMNS = 80;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean stdinIsTerminal;
  private final boolean stdoutIsTerminal;
  private final boolean stderrIsTerminal;
  private final Style resultStyle;
  private final Style noteStyle;
  private final int columns;
  private boolean progressShown;

  /**
   * @param terminals the numbers of the standard streams that are terminals, such as {@code 0,1,2}
   * @param environment of which {@code NO_COLOR} and {@code TERM} count
   */
  public Screen(
      PrintStream out,
      PrintStream err,
      String terminals,
      int columns,
      Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.stdinIsTerminal = terminals.contains("0");
    this.stdoutIsTerminal = terminals.contains("1");
    this.stderrIsTerminal = terminals.contains("2");
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    this.resultStyle = Style.of(colours && stdoutIsTerminal);
    this.noteStyle = Style.of(colours && stderrIsTerminal);
    this.columns = columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  /**
   * The screen as the launcher describes it in system properties; {@code yuntai.stderr} names the
   * real stderr, which the launcher keeps from the JVM's own remarks; empty where it can only be
   * had by its descriptor.
   */
  public static Screen ofProcess(Map<String, String> environment) {
    PrintStream out = utf8(new FileOutputStream(FileDescriptor.out));
    PrintStream err = utf8(stderr(System.getProperty("yuntai.stderr")));
    System.setOut(out);
    System.setErr(err);
    return new Screen(
        out,
        err,
        System.getProperty("yuntai.terminal", ""),
        Integer.getInteger("yuntai.columns", DEFAULT_COLUMNS),
        environment);
  }

  /**
   * The launcher passes the real stderr as descriptor 3. A terminal or a pipe is opened by its
   * name, which is quick; a file is not, since a second open file would have a place of its own in
   * it.
   */
  private static OutputStream stderr(@Nullable String name) {
    if (name != null && !name.isEmpty()) {
      try {
        return new FileOutputStream(name, true);
      } catch (IOException e) {
        // Such as another user's terminal: then by descriptor.
        StandardStreams.restoreStderr();
      }
    } else if (name != null) {
      StandardStreams.restoreStderr();
    }
    return new FileOutputStream(FileDescriptor.err);
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** For results that are more than lines. */
  public PrintStream out() {
    clearProgress();
    return out;
  }

  /** For what accompanies results. */
  public PrintStream err() {
    clearProgress();
    return err;
  }

  /** Whether a person can type here and read the answer here. */
  public boolean isInteractive() {
    return stdinIsTerminal && stdoutIsTerminal;
  }

  /** Whether stdin is a keyboard: reading it without being asked would wait for ever. */
  public boolean stdinIsTerminal() {
    return stdinIsTerminal;
  }

  /** Whether stdout is a terminal. */
  public boolean stdoutIsTerminal() {
    return stdoutIsTerminal;
  }

  /** Whether stderr is a terminal. */
  public boolean stderrIsTerminal() {
    return stderrIsTerminal;
  }

  @Override
  public void result(String line) {
    clearProgress();
    out.println(line);
  }

  @Override
  public void note(String line) {
    clearProgress();
    err.println(line);
  }

  @Override
  public void progress(String line) {
    if (stderrIsTerminal) {
      err.print("\r" + line + "\u001b[K");
      err.flush();
      progressShown = true;
    }
  }

  private void clearProgress() {
    if (progressShown) {
      err.print("\r\u001b[K");
      err.flush();
      progressShown = false;
    }
  }

  @Override
  public boolean showsProgress() {
    return stderrIsTerminal;
  }

  @Override
  public Style resultStyle() {
    return resultStyle;
  }

  @Override
  public Style noteStyle() {
    return noteStyle;
  }

  @Override
  public int columns() {
    return columns;
  }
}
