package io.yuntai.cli.backup;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ProgressBar;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.ledger.backup.Progress;

/** A line that shows how far a backup is. */
final class ShownProgress implements Progress {
  private final Screen screen;
  private final String verb;

  ShownProgress(CliContext context, String verb) {
    this.screen = context.screen();
    this.verb = verb;
  }

  @Override
  public void at(String what, long bytes, long totalBytes) {
    if (screen.showsProgress()) {
      screen.progress(
          ProgressBar.line(verb + " " + what, bytes, totalBytes, 0, -1, screen.columns()));
    }
  }
}
