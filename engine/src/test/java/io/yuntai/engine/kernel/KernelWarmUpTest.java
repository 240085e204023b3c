package io.yuntai.engine.kernel;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class KernelWarmUpTest {
  @Test
  void everyKernelOfThisMachineCanBeWarmedUp() {
    for (Kernels kernels : KernelsUnderTest.list()) {
      try (Arena arena = Arena.ofConfined()) {
        assertThatCode(() -> KernelWarmUp.warm(kernels, arena))
            .as(kernels.name())
            .doesNotThrowAnyException();
      }
    }
  }
}
