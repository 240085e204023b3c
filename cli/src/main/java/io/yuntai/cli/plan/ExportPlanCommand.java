package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.planner.exports.PlanFocus;
import io.yuntai.server.plans.PlanForm;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan export}. */
@Command(
    name = "export",
    description = {
      "Write a plan that was solved as files: xlsx (statements are formulas over assumptions), csv (a file",
      "for each table), json, focus (rows of FOCUS 1.2, 1.3 or 1.4), pdf (one page for a board), svg (charts),",
      "mps (the program that was solved, for other solvers)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan export plan.toml --as xlsx",
      "  yuntai plan export plan.toml --as focus --focus 1.4 --to out/",
      "  yuntai plan export plan.toml --as svg --to charts/"
    })
final class ExportPlanCommand implements Callable<Integer> {
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
        wanted.files(solved.plan(), solved.file(), version, solved.digest());
    files.forEach((name, bytes) -> {
      Path path = folder.resolve(name).normalize();
      PlanFiles.write(path, bytes);
      context.screen().result(path.toString());
    });
    return ExitCode.OK.number();
  }
}
