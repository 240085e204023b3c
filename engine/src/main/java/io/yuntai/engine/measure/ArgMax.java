package io.yuntai.engine.measure;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The likeliest token, quickly: a vocabulary of 150,000 is long beside a step of a small model. */
final class ArgMax {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private ArgMax() {}

  /** Index of the first greatest value. */
  static int of(float[] values) {
    FloatVector most = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i < SPECIES.loopBound(values.length); i += SPECIES.length()) {
      most = most.max(FloatVector.fromArray(SPECIES, values, i));
    }
    float greatest = most.reduceLanes(VectorOperators.MAX);
    for (; i < values.length; i++) {
      greatest = Math.max(greatest, values[i]);
    }
    for (int index = 0; index < values.length; index++) {
      if (values[index] == greatest) {
        return index;
      }
    }
    throw new IllegalStateException("the model computed no usable logits");
  }
}
