package io.yuntai.cli.chat;

import io.yuntai.cli.terminal.Screen;
import java.io.PrintStream;

/** Answers on stdout, piece by piece as they come. */
final class AnswerPrinter {
  private AnswerPrinter() {}

  /** Prints an answer, with a line's end after it; returns its text. */
  static String print(RunningAnswer answer, Screen screen) throws InterruptedException {
    PrintStream out = screen.out();
    StringBuilder whole = new StringBuilder();
    for (String piece = answer.next(); piece != null; piece = answer.next()) {
      if (!piece.isEmpty()) {
        out.print(piece);
        out.flush();
        whole.append(piece);
      }
    }
    if (whole.isEmpty() || whole.charAt(whole.length() - 1) != '\n') {
      out.print('\n');
      out.flush();
    }
    return whole.toString();
  }
}
