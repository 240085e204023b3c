package io.yuntai.cli.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The terminal with line editing and a history of this conversation's lines. */
final class ChatTerminal implements LineSource, AutoCloseable {
  private static final Size UNKNOWN_SIZE = Size.of(80, 24);

  private final Terminal terminal;
  private final LineReader reader;

  private ChatTerminal(Terminal terminal) {
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // An exclamation mark is text here, not a shell's history.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, true)
            .build();
  }

  /** The terminal of this process. */
  static ChatTerminal open() throws IOException {
    Terminal terminal =
        TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
    if (terminal.getColumns() <= 0 || terminal.getRows() <= 0) {
      terminal.setSize(UNKNOWN_SIZE); // a terminal that doesn't say would get no line drawn at all
    }
    return new ChatTerminal(terminal);
  }

  /** What Ctrl-C does while no line is read. */
  void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, signal -> action.run());
  }

  @Override
  public @Nullable String read(String prompt) {
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException e) {
      return "";
    } catch (EndOfFileException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
