package io.yuntai.cli.embed;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.engine.encoder.EncoderOutput;
import io.yuntai.engine.encoder.VectorLength;
import java.util.Arrays;

/** How many leading elements of vectors are kept. */
record VectorCut(int dimensions, EncoderOutput.Vector output) {
  /**
   * @param wanted 0 for all
   * @throws CommandException where the model was not trained for so few
   */
  static VectorCut of(EncoderOutput.Vector output, int wanted, String model) {
    int width = output.width();
    int least = output.minDimensions();
    if (wanted != 0 && wanted != width && (wanted < least || wanted > width)) {
      throw new CommandException(
          ExitCode.USAGE,
          least == width
              ? "%s gives vectors of %d dimensions, which can't be shortened."
                  .formatted(model, width)
              : "%s gives vectors of %d to %d dimensions.".formatted(model, least, width));
    }
    return new VectorCut(wanted == 0 ? width : wanted, output);
  }

  /** A vector's first elements, of length 1 again where the model's vectors are. */
  float[] apply(float[] vector) {
    if (dimensions == vector.length) {
      return vector;
    }
    float[] cut = Arrays.copyOf(vector, dimensions);
    if (output.normalized()) {
      VectorLength.normalize(cut);
    }
    return cut;
  }
}
