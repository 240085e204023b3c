package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.statements.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A plan's file, and beside it what was decided. */
final class PlanFiles {
  private PlanFiles() {}

  /** A plan with the file it was made from. */
  record Solved(PlanFile file, Plan plan, String digest) {}

  /** Runs what may refuse; the refusal is the user's to mend. */
  static <T> T mending(Supplier<T> work) {
    try {
      return work.get();
    } catch (PlannerException e) {
      throw new CommandException(ExitCode.USAGE, e.sentence(), e);
    }
  }

  /** Where decisions of a plan's file are. */
  static Path solvedPath(Path file) {
    return beside(file, ".solved");
  }

  /** A file of the same name with another ending. */
  static Path beside(Path file, String ending) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
  }

  static PlanFile read(Path file, Facts facts) {
    return PlanFileReader.file(file, facts);
  }

  /**
   * A plan that was solved, with its statements made anew.
   *
   * @throws PlannerException when it was solved from other inputs
   */
  static Solved solved(Path file, Facts facts) {
    PlanFile read = read(file, facts);
    Path path = solvedPath(file);
    SolvedPlan solved;
    try {
      solved = SolvedPlan.read(Files.readString(path), path.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "%s is not there; 'yuntai plan solve %s' writes it.".formatted(path, file),
          e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "%s can't be read: %s.".formatted(path, e), e);
    }
    String digest = InputDigest.of(read.inputs());
    if (!digest.equals(solved.digest())) {
      throw new PlannerException(
          "%s was solved from other inputs than %s now has (%s, not %s); solve it again."
              .formatted(
                  path, file, InputDigest.shown(solved.digest()), InputDigest.shown(digest)));
    }
    return new Solved(read, plan(read, solved), digest);
  }

  private static Plan plan(PlanFile file, SolvedPlan solved) {
    return new Plan(
        file.inputs(),
        solved.status(),
        solved.value(),
        solved.bound(),
        solved.solver(),
        solved.decisions(),
        Statements.of(file.inputs(), solved.decisions()),
        solved.unitCosts(),
        solved.reached(),
        solved.notes());
  }

  static void write(Path path, byte[] bytes) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "%s can't be written: %s.".formatted(path, e), e);
    }
  }
}
