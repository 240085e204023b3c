package io.yuntai.planner.solver.ortools;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.solver.Limits;
import io.yuntai.planner.solver.Solution;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How a program and its solution go between our process and the solver's. */
final class Wire {
  private static final int REQUEST = 0x59505251;
  private static final int REPLY = 0x59505250;
  private static final int MOST = 100_000_000;

  /** What the solver's process is asked. */
  record Request(LinearProgram program, Limits limits) {}

  private Wire() {}

  static void send(DataOutputStream out, LinearProgram program, Limits limits) throws IOException {
    out.writeInt(REQUEST);
    write(out, program.starts());
    write(out, program.rows());
    write(out, program.values());
    write(out, program.cost());
    write(out, program.lower());
    write(out, program.upper());
    for (boolean one : program.whole()) {
      out.writeBoolean(one);
    }
    write(out, program.rowLower());
    write(out, program.rowUpper());
    out.writeDouble(limits.gap());
    out.writeLong(limits.iterations());
    out.writeLong(limits.nodes());
    out.writeDouble(limits.secondsGuard());
    out.writeLong(limits.seed());
    double[] start = limits.start();
    out.writeBoolean(start != null);
    if (start != null) {
      write(out, start);
    }
    out.flush();
  }

  static @Nullable Request receive(DataInputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int magic = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
    expect(magic, REQUEST);
    int[] starts = ints(in);
    int[] rows = ints(in);
    double[] values = doubles(in);
    double[] cost = doubles(in);
    double[] lower = doubles(in);
    double[] upper = doubles(in);
    boolean[] whole = new boolean[cost.length];
    for (int j = 0; j < whole.length; j++) {
      whole[j] = in.readBoolean();
    }
    LinearProgram program =
        new LinearProgram(
            starts,
            rows,
            values,
            cost,
            lower,
            upper,
            whole,
            doubles(in),
            doubles(in),
            i -> "r" + i,
            j -> "c" + j);
    double gap = in.readDouble();
    long iterations = in.readLong();
    long nodes = in.readLong();
    double guard = in.readDouble();
    long seed = in.readLong();
    double[] start = in.readBoolean() ? doubles(in) : null;
    return new Request(program, new Limits(gap, iterations, nodes, guard, seed, start));
  }

  static void reply(DataOutputStream out, Solution solution, String detail) throws IOException {
    out.writeInt(REPLY);
    out.writeUTF(solution.status().name());
    out.writeDouble(solution.cost());
    out.writeDouble(solution.bound());
    write(out, solution.x());
    write(out, solution.rowPrices());
    out.writeLong(solution.iterations());
    out.writeBoolean(solution.guarded());
    out.writeUTF(detail);
    out.flush();
  }

  /** What came back, and what the solver said of it. */
  record Reply(Solution solution, String detail) {}

  static Reply await(DataInputStream in) throws IOException {
    expect(in.readInt(), REPLY);
    Solution.Status status;
    try {
      status = Solution.Status.valueOf(in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("an unknown status", e);
    }
    Solution solution =
        new Solution(
            status,
            in.readDouble(),
            in.readDouble(),
            doubles(in),
            doubles(in),
            in.readLong(),
            in.readBoolean());
    return new Reply(solution, in.readUTF());
  }

  private static void expect(int magic, int wanted) throws IOException {
    if (magic != wanted) {
      throw new IOException("%08x where %08x was expected".formatted(magic, wanted));
    }
  }

  private static void write(DataOutputStream out, double[] values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static void write(DataOutputStream out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST) {
      throw new IOException("length " + length);
    }
    return length;
  }

  private static double[] doubles(DataInputStream in) throws IOException {
    double[] values = new double[length(in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  private static int[] ints(DataInputStream in) throws IOException {
    int[] values = new int[length(in)];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }
}
