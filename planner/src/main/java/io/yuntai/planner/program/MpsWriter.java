package io.yuntai.planner.program;

/**
 * Writes programs as free MPS, as nearly every solver reads it. Names are {@code R0}, {@code C0}
 * and so on, since names in MPS have no spaces; comments tell those of rows that have one.
 */
public final class MpsWriter {
  private MpsWriter() {}

  /** The program as text, always the same for the same program. */
  public static String write(LinearProgram program, String name) {
    StringBuilder out = new StringBuilder(64 + program.entries() * 24);
    out.append("NAME ").append(name.replaceAll("\\s+", "_")).append('\n');
    rows(program, out);
    columns(program, out);
    sides(program, out);
    bounds(program, out);
    return out.append("ENDATA\n").toString();
  }

  private static void rows(LinearProgram program, StringBuilder out) {
    out.append("ROWS\n N COST\n");
    for (int i = 0; i < program.rowCount(); i++) {
      out.append(' ').append(kind(program, i)).append(" R").append(i).append('\n');
    }
  }

  private static char kind(LinearProgram program, int row) {
    double low = program.rowLower()[row];
    double high = program.rowUpper()[row];
    if (low == high) {
      return 'E';
    }
    if (high < Double.POSITIVE_INFINITY) {
      return 'L';
    }
    return low > Double.NEGATIVE_INFINITY ? 'G' : 'N';
  }

  private static void columns(LinearProgram program, StringBuilder out) {
    out.append("COLUMNS\n");
    boolean whole = false;
    for (int j = 0; j < program.columns(); j++) {
      if (program.whole()[j] != whole) {
        whole = program.whole()[j];
        out.append(" M").append(j).append(" 'MARKER' ").append(whole ? "'INTORG'\n" : "'INTEND'\n");
      }
      boolean empty = program.starts()[j] == program.starts()[j + 1];
      if (program.cost()[j] != 0 || empty) {
        out.append(" C").append(j).append(" COST ").append(program.cost()[j]).append('\n');
      }
      for (int k = program.starts()[j]; k < program.starts()[j + 1]; k++) {
        out.append(" C").append(j).append(" R").append(program.rows()[k]).append(' ');
        out.append(program.values()[k]).append('\n');
      }
    }
    if (whole) {
      out.append(" MEND 'MARKER' 'INTEND'\n");
    }
  }

  private static void sides(LinearProgram program, StringBuilder out) {
    out.append("RHS\n");
    for (int i = 0; i < program.rowCount(); i++) {
      char kind = kind(program, i);
      double side = kind == 'G' ? program.rowLower()[i] : program.rowUpper()[i];
      if (kind != 'N' && side != 0) {
        out.append(" RHS R").append(i).append(' ').append(side).append('\n');
      }
    }
    out.append("RANGES\n");
    for (int i = 0; i < program.rowCount(); i++) {
      double low = program.rowLower()[i];
      if (kind(program, i) == 'L' && low > Double.NEGATIVE_INFINITY) {
        out.append(" RNG R").append(i).append(' ').append(program.rowUpper()[i] - low).append('\n');
      }
    }
  }

  private static void bounds(LinearProgram program, StringBuilder out) {
    out.append("BOUNDS\n");
    for (int j = 0; j < program.columns(); j++) {
      double low = program.lower()[j];
      double high = program.upper()[j];
      if (low == high) {
        bound(out, "FX", j, low);
        continue;
      }
      if (low == Double.NEGATIVE_INFINITY) {
        out.append(high == Double.POSITIVE_INFINITY ? " FR" : " MI").append(" BND C").append(j);
        out.append('\n');
      } else if (low != 0 || (program.whole()[j] && high == Double.POSITIVE_INFINITY)) {
        bound(out, "LO", j, low);
      }
      if (high < Double.POSITIVE_INFINITY) {
        bound(out, "UP", j, high);
      } else if (program.whole()[j]) {
        out.append(" PL BND C").append(j).append('\n');
      }
    }
  }

  private static void bound(StringBuilder out, String kind, int column, double value) {
    out.append(' ').append(kind).append(" BND C").append(column).append(' ').append(value);
    out.append('\n');
  }
}
