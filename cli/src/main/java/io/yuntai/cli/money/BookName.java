package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;

/**
 * A price book as people name it: {@code list} for the newest version, {@code list@2} for another.
 *
 * @param version 0 for the newest
 */
record BookName(String name, int version) {
  static BookName parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return new BookName(text, 0);
    }
    String version = text.substring(at + 1);
    if (!version.matches("[1-9][0-9]{0,8}")) {
      throw new CommandException(
          ExitCode.USAGE, "'" + text + "' names no version: write NAME or NAME@2.");
    }
    return new BookName(text.substring(0, at), Integer.parseInt(version));
  }
}
