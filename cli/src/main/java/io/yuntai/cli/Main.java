package io.yuntai.cli;

/** Start of the yuntai command. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.out.println("hello " + String.join(",", arguments)
        + System.getProperty("yuntai.terminal"));
  }
}
