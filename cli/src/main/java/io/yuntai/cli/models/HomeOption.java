package io.yuntai.cli.models;

import io.yuntai.server.HomeDirectory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --home}, which every command has that touches Yuntai's data. */
public final class HomeOption {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Where Yuntai keeps its data (YUNTAI_HOME; else the platform's data folder).")
  private @Nullable Path home;

  /** The folder meant. */
  public HomeDirectory directory(Map<String, String> environment) {
    return home == null ? HomeDirectory.platformDefault(environment) : new HomeDirectory(home);
  }

  /** Whether the user named a folder. */
  public boolean isGiven() {
    return home != null;
  }
}
