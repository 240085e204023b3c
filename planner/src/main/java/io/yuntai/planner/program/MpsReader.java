package io.yuntai.planner.program;

import io.yuntai.planner.PlannerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads free MPS: sections NAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS and ENDATA, to be minimised.
 */
public final class MpsReader {
  private static final int MOST_LINES = 20_000_000;

  private final ProgramBuilder builder = new ProgramBuilder();
  private final Map<String, Integer> rows = new HashMap<>();
  private final Map<String, Integer> columns = new HashMap<>();
  private final List<Character> kinds = new ArrayList<>();
  private final List<Double> sides = new ArrayList<>();
  private final List<Double> ranges = new ArrayList<>();
  private final List<double[]> bounds = new ArrayList<>();
  private final List<Boolean> whole = new ArrayList<>();
  private String costRow = "";
  private boolean inWhole;
  private int line;

  private MpsReader() {}

  /**
   * Reads a program.
   *
   * @throws PlannerException naming the line that is wrong
   */
  public static LinearProgram read(String text) {
    return new MpsReader().run(text);
  }

  private LinearProgram run(String text) {
    String section = "";
    boolean ended = false;
    for (String raw : (Iterable<String>) text.lines()::iterator) {
      line++;
      if (line > MOST_LINES) {
        throw wrong("more lines than " + MOST_LINES);
      }
      if (raw.isBlank() || raw.startsWith("*") || ended) {
        continue;
      }
      String[] words = raw.trim().split("\\s+", -1);
      if (!Character.isWhitespace(raw.charAt(0))) {
        section = words[0];
        ended = section.equals("ENDATA");
        continue;
      }
      entry(section, words);
    }
    if (!ended) {
      throw wrong("no ENDATA at the end");
    }
    return build();
  }

  private void entry(String section, String[] words) {
    switch (section) {
      case "ROWS" -> row(words);
      case "COLUMNS" -> column(words);
      case "RHS" -> pairs(words, sides);
      case "RANGES" -> pairs(words, ranges);
      case "BOUNDS" -> bound(words);
      default -> throw wrong("the section '%s' is not known".formatted(section));
    }
  }

  private PlannerException wrong(String what) {
    return new PlannerException("Line %d of the MPS file: %s.".formatted(line, what));
  }

  private double number(String word) {
    try {
      double value = Double.parseDouble(word);
      if (!Double.isNaN(value)) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw wrong("'%s' is no number".formatted(word));
  }

  private void row(String[] words) {
    if (words.length != 2 || words[0].length() != 1 || "NLGE".indexOf(words[0].charAt(0)) < 0) {
      throw wrong("a row is N, L, G or E and a name");
    }
    if (words[0].equals("N") && costRow.isEmpty()) {
      costRow = words[1];
      return;
    }
    int index = builder.row(words[1], Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (rows.put(words[1], index) != null) {
      throw wrong("the row %s is there twice".formatted(words[1]));
    }
    kinds.add(words[0].charAt(0));
    sides.add(0.0);
    ranges.add(Double.NaN);
  }

  private void column(String[] words) {
    if (words.length == 3 && words[1].equals("'MARKER'")) {
      inWhole = words[2].equals("'INTORG'");
      return;
    }
    if (words.length != 3 && words.length != 5) {
      throw wrong("a column has a name and one or two rows with numbers");
    }
    Integer known = columns.get(words[0]);
    int index = known == null ? builder.column(words[0], 0, 0, 0, inWhole) : known;
    if (known == null) {
      columns.put(words[0], index);
      bounds.add(new double[] {0, Double.POSITIVE_INFINITY});
      whole.add(inWhole);
    }
    for (int at = 1; at < words.length; at += 2) {
      double value = number(words[at + 1]);
      if (words[at].equals(costRow)) {
        builder.cost(index, value);
      } else {
        builder.entry(find(rows, words[at]), index, value);
      }
    }
  }

  private int find(Map<String, Integer> names, String name) {
    Integer index = names.get(name);
    if (index == null) {
      throw wrong("'%s' is not known".formatted(name));
    }
    return index;
  }

  private void pairs(String[] words, List<Double> values) {
    for (int at = words.length % 2; at + 1 < words.length; at += 2) {
      if (!words[at].equals(costRow)) {
        values.set(find(rows, words[at]), number(words[at + 1]));
      }
    }
  }

  private void bound(String[] words) {
    if (words.length < 3) {
      throw wrong("a bound has a kind, a name and a column");
    }
    double[] bound = bounds.get(find(columns, words[2]));
    String kind = words[0];
    boolean valued = List.of("UP", "LO", "FX", "UI", "LI").contains(kind);
    if (valued && words.length != 4) {
      throw wrong("a bound %s has a number".formatted(kind));
    }
    double value = valued ? number(words[3]) : 0;
    switch (kind) {
      case "UP", "UI" -> bound[1] = value;
      case "LO", "LI" -> bound[0] = value;
      case "FX" -> {
        bound[0] = value;
        bound[1] = value;
      }
      case "FR" -> {
        bound[0] = Double.NEGATIVE_INFINITY;
        bound[1] = Double.POSITIVE_INFINITY;
      }
      case "MI" -> bound[0] = Double.NEGATIVE_INFINITY;
      case "PL" -> bound[1] = Double.POSITIVE_INFINITY;
      case "BV" -> {
        bound[0] = 0;
        bound[1] = 1;
      }
      default -> throw wrong("the kind of bound '%s' is not known".formatted(kind));
    }
  }

  private LinearProgram build() {
    LinearProgram program = builder.build();
    double[] lower = new double[program.columns()];
    double[] upper = new double[program.columns()];
    for (int j = 0; j < lower.length; j++) {
      lower[j] = bounds.get(j)[0];
      upper[j] = bounds.get(j)[1];
    }
    double[] rowLower = new double[program.rowCount()];
    double[] rowUpper = new double[program.rowCount()];
    for (int i = 0; i < rowLower.length; i++) {
      double side = sides.get(i);
      double range = ranges.get(i);
      char kind = kinds.get(i);
      rowLower[i] = kind == 'G' || kind == 'E' ? side : Double.NEGATIVE_INFINITY;
      rowUpper[i] = kind == 'L' || kind == 'E' ? side : Double.POSITIVE_INFINITY;
      if (!Double.isNaN(range)) {
        switch (kind) {
          case 'L' -> rowLower[i] = side - Math.abs(range);
          case 'G' -> rowUpper[i] = side + Math.abs(range);
          case 'E' -> {
            rowLower[i] = Math.min(side, side + range);
            rowUpper[i] = Math.max(side, side + range);
          }
          default -> throw wrong("a range of a row without limit");
        }
      }
    }
    return program.withBounds(lower, upper).withRowBounds(rowLower, rowUpper);
  }
}
