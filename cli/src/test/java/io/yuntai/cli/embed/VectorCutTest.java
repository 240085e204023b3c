package io.yuntai.cli.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.engine.encoder.EncoderOutput;
import org.junit.jupiter.api.Test;

class VectorCutTest {
  private static final EncoderOutput.Vector OUTPUT = new EncoderOutput.Vector(4, 2, true);

  @Test
  void aCutVectorHasLengthOneAgain() {
    float[] vector = {0.6f, 0, 0, 0.8f};
    assertThat(VectorCut.of(OUTPUT, 2, "m").apply(vector)).containsExactly(1, 0);
    assertThat(VectorCut.of(OUTPUT, 0, "m").apply(vector)).containsExactly(vector);
    assertThat(VectorCut.of(new EncoderOutput.Vector(4, 2, false), 3, "m").apply(vector))
        .containsExactly(0.6f, 0, 0);
  }

  @Test
  void fewerThanTheModelWasTrainedForAreRefused() {
    for (int wanted : new int[] {-1, 1, 5}) {
      assertThatThrownBy(() -> VectorCut.of(OUTPUT, wanted, "m"))
          .isInstanceOf(CommandException.class)
          .hasMessage("m gives vectors of 2 to 4 dimensions.");
    }
    assertThatThrownBy(() -> VectorCut.of(new EncoderOutput.Vector(4, 4, true), 2, "m"))
        .hasMessage("m gives vectors of 4 dimensions, which can't be shortened.");
  }
}
