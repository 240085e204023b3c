package io.yuntai.cli.connect;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.server.OwnerOnlyFiles;
import io.yuntai.server.clients.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of settings: for their owner's eyes only, since they hold a key. */
final class SettingsFiles {
  private SettingsFiles() {}

  /** The file of a setting that has one. */
  static Optional<Path> of(Setting setting) {
    return switch (setting) {
      case Setting.Variables variables -> Optional.of(variables.file());
      case Setting.File file -> Optional.of(file.file());
      case Setting.Sample _ -> Optional.empty();
    };
  }

  /** A setting as text: what its file holds. */
  static String text(Setting setting) {
    return switch (setting) {
      case Setting.Variables variables -> variables.text();
      case Setting.File file -> file.text();
      case Setting.Sample sample -> sample.text();
    };
  }

  /**
   * Writes those that have files, each in one step.
   *
   * @return the files
   */
  static List<Path> write(List<Setting> settings) {
    List<Path> written = new ArrayList<>();
    for (Setting setting : settings) {
      of(setting)
          .ifPresent(file -> {
            write(file, text(setting));
            written.add(file);
          });
    }
    return written;
  }

  /**
   * Deletes them.
   *
   * @return those that were there
   */
  static List<Path> delete(List<Setting> settings) {
    return settings.stream()
        .flatMap(setting -> of(setting).stream())
        .filter(file -> {
          try {
            return Files.deleteIfExists(file);
          } catch (IOException e) {
            throw new CommandException(
                ExitCode.FAILED, file + " can't be deleted: " + e.getMessage(), e);
          }
        })
        .toList();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      OwnerOnlyFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, file + " can't be written: " + e.getMessage(), e);
    }
  }
}
