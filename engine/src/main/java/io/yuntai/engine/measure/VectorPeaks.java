package io.yuntai.engine.measure;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the Vector API gives, at the width the JVM prefers here. Ten chains, since a multiply-add
 * takes four cycles and two of them can begin in each; with their two factors they still fit the 16
 * registers of AVX2.
 */
final class VectorPeaks {
  private static final int CHAINS = 10;

  /** Where results go, so that the compiler can't leave them out. */
  static volatile double sink;

  private VectorPeaks() {}

  /** {@code a = fma(a, b, c)} on F32. */
  static final class F32Fma implements MachinePeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    @Override
    public String name() {
      return "f32 fma";
    }

    @Override
    public long run(int rounds) {
      FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
      FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
      FloatVector a = x;
      FloatVector b = x;
      FloatVector c = x;
      FloatVector d = x;
      FloatVector e = x;
      FloatVector f = x;
      FloatVector g = x;
      FloatVector h = x;
      FloatVector i = x;
      FloatVector j = x;
      for (int round = 0; round < rounds; round++) {
        a = a.fma(x, y);
        b = b.fma(x, y);
        c = c.fma(x, y);
        d = d.fma(x, y);
        e = e.fma(x, y);
        f = f.fma(x, y);
        g = g.fma(x, y);
        h = h.fma(x, y);
        i = i.fma(x, y);
        j = j.fma(x, y);
      }
      sink =
          a.add(b)
              .add(c.add(d))
              .add(e.add(f))
              .add(g.add(h))
              .add(i.add(j))
              .reduceLanes(VectorOperators.ADD);
      return (long) rounds * CHAINS * SPECIES.length();
    }
  }

  /** {@code a = a + b * c} on 16-bit integers: how the portable kernels multiply. */
  static final class Int16MultiplyAdd implements MachinePeak {
    private static final VectorSpecies<Short> SPECIES = ShortVector.SPECIES_PREFERRED;

    @Override
    public String name() {
      return "int16 multiply, add";
    }

    @Override
    public long run(int rounds) {
      ShortVector x = ShortVector.broadcast(SPECIES, (short) 7);
      ShortVector y = ShortVector.broadcast(SPECIES, (short) 3);
      ShortVector a = x;
      ShortVector b = x;
      ShortVector c = x;
      ShortVector d = x;
      ShortVector e = x;
      ShortVector f = x;
      ShortVector g = x;
      ShortVector h = x;
      ShortVector i = x;
      ShortVector j = x;
      for (int round = 0; round < rounds; round++) {
        a = a.mul(x).add(y);
        b = b.mul(x).add(y);
        c = c.mul(x).add(y);
        d = d.mul(x).add(y);
        e = e.mul(x).add(y);
        f = f.mul(x).add(y);
        g = g.mul(x).add(y);
        h = h.mul(x).add(y);
        i = i.mul(x).add(y);
        j = j.mul(x).add(y);
      }
      sink =
          a.add(b)
              .add(c.add(d))
              .add(e.add(f))
              .add(g.add(h))
              .add(i.add(j))
              .reduceLanes(VectorOperators.ADD);
      return (long) rounds * CHAINS * SPECIES.length();
    }
  }
}
