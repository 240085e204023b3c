package io.yuntai.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bounded log. */
class ServerLogTest {
  @TempDir Path folder;

  @Test
  void showsEachLineAndKeepsTheLast() throws Exception {
    ServerLog log = new ServerLog(folder.resolve("log"));
    List<String> seen = new ArrayList<>();
    log.copy(text("one\n\nzwei ü\n" + "x".repeat(100_000) + "\nlast"), seen::add);
    assertThat(seen).hasSize(4).startsWith("one", "zwei ü").endsWith("last");
    assertThat(seen.get(2)).hasSize(2048);
    assertThat(log.tail()).startsWith("one\n").endsWith("\nlast");
  }

  @Test
  void neverTakesMoreThanTwoFilesOfTwoMegabytes() throws Exception {
    ServerLog log = new ServerLog(folder.resolve("log"));
    log.copy(text("a line of a log\n".repeat(500_000)), _ -> {});
    assertThat(Files.size(folder.resolve("log"))).isLessThanOrEqualTo(2 << 20);
    assertThat(Files.size(folder.resolve("log.1"))).isLessThanOrEqualTo(2 << 20);
    assertThat(log.tail().lines()).hasSize(20);
  }

  @Test
  void goesOnWhenItCannotBeWritten() throws Exception {
    ServerLog log = new ServerLog(folder.resolve("missing/log"));
    log.copy(text("still read\n"), _ -> {});
    assertThat(log.tail()).isEqualTo("still read");
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
