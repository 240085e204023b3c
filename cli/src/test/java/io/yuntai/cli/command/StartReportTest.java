package io.yuntai.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartReportTest {
  @Test
  void tellsWhyAStartFailedAfterItsThreadsWereInterrupted(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("report"));
    try (StartReport report = StartReport.parse("80,1,0,0," + file)) {
      Thread.currentThread().interrupt();
      report.progress("loading");
      assertThat(Thread.interrupted()).isTrue();
      report.failed("password authentication failed");
    }
    assertThat(file).content().isEqualTo("P loading\nF password authentication failed\n");
  }
}
