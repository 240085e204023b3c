package io.yuntai.planner.solver;

import io.yuntai.planner.program.LinearProgram;
import io.yuntai.planner.program.MpsReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Fifty programs in MPS files with what they cost at least: random ones, those of tiny plans, that
 * of the start-up, and the relaxation of the company in three regions.
 */
public final class SavedPrograms {
  private SavedPrograms() {}

  /** A program and its least cost. */
  public record Saved(String name, LinearProgram program, double cost) {}

  /** All of them. */
  public static List<Saved> all() {
    return text("costs.txt")
        .lines()
        .map(line -> line.split(" "))
        .map(cells ->
            new Saved(
                cells[0], MpsReader.read(text(cells[0] + ".mps")), Double.parseDouble(cells[1])))
        .toList();
  }

  private static String text(String name) {
    try (InputStream in =
        Objects.requireNonNull(SavedPrograms.class.getResourceAsStream("saved/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
