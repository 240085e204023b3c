package io.yuntai.cli.models;

import io.yuntai.cli.terminal.Display;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.ProgressBar;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.models.pull.PullListener;

/** A pull as a person follows it: a bar on a terminal, a line at each tenth elsewhere. */
public final class PullDisplay implements PullListener {
  private final String model;
  private final Display display;
  private final Messages messages;
  private PullEvent.Phase phase = PullEvent.Phase.DOWNLOAD;
  private long lastTenth = -1;

  /**
   * @param model what is pulled, as the user wrote it
   */
  public PullDisplay(String model, Display display, Messages messages) {
    this.model = model;
    this.display = display;
    this.messages = messages;
  }

  @Override
  public void onEvent(PullEvent event) {
    switch (event) {
      case PullEvent.Waiting waiting ->
          display.note(messages.text("pull.waiting", model, waiting.holder()));
      case PullEvent.Trying trying ->
          display.note(messages.text("pull.trying", model, trying.source()));
      case PullEvent.Note note -> display.note("  " + note.message());
      case PullEvent.SourceFailed failed ->
          display.note(
              display.noteStyle().warning("! ")
                  + messages.text("pull.failed", failed.source(), failed.reason()));
      case PullEvent.Progress progress -> show(progress);
      case PullEvent.Done done ->
          display.note(
              display.noteStyle().ok("✓ ")
                  + messages.text(done.pinned() ? "pull.verified" : "pull.unpinned", model)
                  + display.noteStyle().faint("  sha256 " + done.sha256().substring(0, 12)));
    }
  }

  private void show(PullEvent.Progress progress) {
    if (progress.phase() != phase) {
      phase = progress.phase();
      lastTenth = -1;
    }
    String what =
        messages.text(
            switch (phase) {
              case DOWNLOAD -> "pull.bar";
              case VERIFY -> "pull.verifying";
              case CONVERT -> "pull.converting";
            });
    if (progress.parts() > 1) {
      what += " " + progress.part() + "/" + progress.parts();
    }
    if (display.showsProgress()) {
      display.progress(line(what, progress));
    } else if (progress.totalBytes() > 0
        && progress.bytes() * 10 / progress.totalBytes() != lastTenth) {
      lastTenth = progress.bytes() * 10 / progress.totalBytes();
      display.note(line(what, progress));
    }
  }

  private String line(String what, PullEvent.Progress progress) {
    return ProgressBar.line(
        what,
        progress.bytes(),
        progress.totalBytes(),
        progress.bytesPerSecond(),
        progress.etaSeconds(),
        display.columns());
  }
}
