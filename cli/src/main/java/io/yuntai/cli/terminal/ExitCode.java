package io.yuntai.cli.terminal;

/** What the process says to a script at its end. The numbers are part of the interface. */
public enum ExitCode {
  OK(0),
  FAILED(1),
  USAGE(2),
  UNREACHABLE(3),
  NOT_ALLOWED(4),
  NOT_FOUND(5),
  NO_CAPACITY(7),
  FAULTS_FOUND(8),
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }
}
