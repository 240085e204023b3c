package io.yuntai.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.kernel.KvCache;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryForecastTest {
  @TempDir Path folder;

  @Test
  void addsUpWhatAModelTakesForOneContext() throws IOException {
    Path model = new TinyModelFile().write(folder.resolve("tiny.gguf"));
    MemoryForecast whole = forecast(model, 0, KvCache.Format.F16);
    MemoryForecast half = forecast(model, whole.contextTokens() / 2, KvCache.Format.F16);
    assertThat(whole.kvBytes()).isEqualTo(2 * half.kvBytes()).isPositive();
    assertThat(forecast(model, 0, KvCache.Format.F32).kvBytes()).isEqualTo(2 * whole.kvBytes());
    assertThat(whole.weightBytes()).isPositive().isEqualTo(half.weightBytes());
    assertThat(whole.totalBytes())
        .isEqualTo(
            whole.weightBytes() + whole.kvBytes() + whole.workBytes() + whole.processBytes());
  }

  private static MemoryForecast forecast(Path model, int contextTokens, KvCache.Format format) {
    return MemoryForecast.of(model, new LoadOptions(contextTokens, 0, format, 1));
  }
}
