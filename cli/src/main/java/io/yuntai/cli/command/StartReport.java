package io.yuntai.cli.command;

import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.Style;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a detached server would show, written to a file that the process which started it reads and
 * shows. A record is a kind, a blank and a line of text:
 *
 * <ul>
 *   <li>{@code R} result, {@code N} note, {@code P} progress: as in {@link Display}
 *   <li>{@code F} the start failed, with the reason
 *   <li>{@code D} ready
 * </ul>
 */
final class StartReport implements Display, AutoCloseable {
  private static final Pattern DESCRIPTION = Pattern.compile("(\\d+),([01]),([01]),([01]),(.*)");

  /**
   * A stream and no channel: threads of a start that fails are interrupted, and an interrupted one
   * that writes would close a channel before the reason of the failure is in it.
   */
  private final OutputStream file;

  private final int columns;
  private final boolean showsProgress;
  private final Style resultStyle;
  private final Style noteStyle;

  private StartReport(OutputStream file, int columns, boolean progress, Style result, Style note) {
    this.file = file;
    this.columns = columns;
    this.showsProgress = progress;
    this.resultStyle = result;
    this.noteStyle = note;
  }

  /** The hidden option's value: what the reader's screen can do, and the file. */
  static String describe(Display reader, boolean resultColours, boolean noteColours, Path file) {
    return reader.columns()
        + ","
        + bit(reader.showsProgress())
        + ","
        + bit(resultColours)
        + ","
        + bit(noteColours)
        + ","
        + file;
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }

  /** From the hidden option's value. */
  static StartReport parse(String description) {
    Matcher parts = DESCRIPTION.matcher(description);
    if (!parts.matches()) {
      throw new IllegalArgumentException("--report is for 'up --detach' itself");
    }
    try {
      return new StartReport(
          new FileOutputStream(parts.group(5), true),
          Integer.parseInt(parts.group(1)),
          parts.group(2).equals("1"),
          Style.of(parts.group(3).equals("1")),
          Style.of(parts.group(4).equals("1")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void result(String line) {
    write('R', line);
  }

  @Override
  public void note(String line) {
    write('N', line);
  }

  @Override
  public void progress(String line) {
    if (showsProgress) {
      write('P', line);
    }
  }

  /** The start failed. */
  void failed(String reason) {
    write('F', reason);
  }

  /** The server takes requests; nothing follows. */
  void ready() {
    write('D', "");
  }

  private void write(char kind, String line) {
    try {
      file.write((kind + " " + line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A full disk, most likely. The reader then sees the process end, or its own time run out.
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean showsProgress() {
    return showsProgress;
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

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
