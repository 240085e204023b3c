package io.yuntai.cli.terminal;

/** A command can't do what was asked. The message is for the user: what, why, what to do. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  /**
   * @param message one or two sentences
   */
  public CommandException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /**
   * @param cause what was met, for {@code YUNTAI_DEBUG}
   */
  public CommandException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** How the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
