package io.yuntai.cli.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.cli.terminal.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MemoryOptionTest {
  @Command
  static final class Holder {
    @Mixin private final MemoryOption memory = new MemoryOption();
  }

  @ParameterizedTest
  @CsvSource({"6G, 6000000000", "800m, 800000000", "1.5GB, 1500000000", "64k, 64000"})
  void readsSizes(String text, long bytes) {
    assertThat(bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "-1G", "G", "6 G", "1e3G", "99999999G", "6Q"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> bytes(text))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'" + text + "', not a size such as 6G");
  }

  @Test
  void isNoneUnlessSaid() {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs();
    assertThat(holder.memory.bytes()).isZero();
  }

  private static long bytes(String text) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs("--memory-limit=" + text);
    return holder.memory.bytes();
  }
}
