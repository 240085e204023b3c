package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.exports.Places;
import io.yuntai.planner.exports.PlanFocus;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.stress.Tornado;
import io.yuntai.server.plans.PlanForm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan export}. */
@Command(
    name = "export",
    description = {
      "Write a plan that was solved as files: xlsx (statements are formulas over assumptions), csv (a file",
      "for each table), json, focus (rows of FOCUS 1.2, 1.3 or 1.4), pdf (one page for a board), svg (charts,",
      "each with the table that it is drawn from), mps (the program that was solved, for other solvers).",
      "Charts: demand, capacity, building, money, chips, tornado (what the plan is worth when one assumption",
      "after the other is lower or higher), unit-costs, site-loss, map."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan export plan.toml --as xlsx",
      "  yuntai plan export plan.toml --as focus --focus 1.4 --to out/",
      "  yuntai plan export plan.toml --as svg --to charts/",
      "  yuntai plan export plan.toml --as svg --to charts/ --change 20 --solve-again --places places.csv"
    })
final class ExportPlanCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "A plan that was solved.")
  private Path file = Path.of("plan.toml");

  @Option(
      names = "--as",
      paramLabel = "FORM",
      required = true,
      description = "xlsx, csv, json, focus, pdf, svg or mps.")
  private String form = "";

  @Option(names = "--to", paramLabel = "FOLDER", description = "Where to write (default: here).")
  private Path folder = Path.of(".");

  @Option(
      names = "--focus",
      paramLabel = "VERSION",
      description = "Of FOCUS: 1.2, 1.3 or 1.4 (default: 1.3).")
  private String focus = "1.3";

  @Option(
      names = "--change",
      paramLabel = "PERCENT",
      description =
          "Of svg: by how much tornado lowers and raises each assumption (default: ${DEFAULT-VALUE}).")
  private double changePercent = 10;

  @Option(
      names = "--solve-again",
      description = {
        "Of svg: tornado solves a new plan for each change; without it, what was decided to build, order and",
        "reserve stays, and is valued anew."
      })
  private boolean solveAgain;

  @Option(
      names = "--gap",
      paramLabel = "PERCENT",
      description = "Of --solve-again: as of 'plan solve' (default: 1).")
  private double gapPercent = 1;

  @Option(
      names = "--places",
      paramLabel = "FILE",
      description = {
        "Of svg: where sites are whose names the program doesn't know, as CSV with the heading",
        "name,latitude,longitude in degrees."
      })
  private @Nullable Path places;

  @Mixin private final FactsOption facts = new FactsOption();

  ExportPlanCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PlanForm wanted = PlanFiles.mending(() -> PlanForm.of(form));
    PlanFocus.Version version = PlanFiles.mending(() -> PlanFocus.Version.of(focus));
    PlanFiles.Solved solved = facts.with(known -> PlanFiles.solved(file, known));
    Map<String, byte[]> files =
        wanted == PlanForm.SVG
            ? PlanFiles.mending(() -> charts(solved))
            : wanted.files(solved.plan(), solved.file(), version, solved.digest());
    files.forEach((name, bytes) -> {
      Path path = folder.resolve(name).normalize();
      PlanFiles.write(path, bytes);
      context.screen().result(path.toString());
    });
    return ExitCode.OK.number();
  }

  private Map<String, byte[]> charts(PlanFiles.Solved solved) {
    Places known = places();
    Tornado tornado;
    if (solveAgain) {
      try (Optimum optimum = new Optimum()) {
        Effort effort = new Effort(gapPercent / PERCENT, 1, Effort.usual().secondsGuard(), 1);
        tornado = Tornado.solvedAnew(solved.plan(), changePercent / PERCENT, optimum, effort);
      }
    } else {
      tornado = Tornado.valuedAnew(solved.plan(), changePercent / PERCENT);
    }
    return PlanForm.charts(solved.plan(), solved.file(), tornado, known);
  }

  private Places places() {
    Path own = places;
    if (own == null) {
      return Places.known();
    }
    try (BufferedReader text = Files.newBufferedReader(own)) {
      return Places.known().with(text, own.toString());
    } catch (IOException e) {
      throw PlannerException.unreadable(own, e);
    }
  }
}
