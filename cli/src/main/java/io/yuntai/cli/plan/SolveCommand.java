package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.planner.exports.PlanFields;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.files.PlanFile;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import io.yuntai.planner.plan.Progress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan solve}. */
@Command(
    name = "solve",
    description = {
      "Find the best plan for a file: what to build, order and rent, where and when. Progress shows the",
      "best value, the bound that no plan can pass, and the gap between them; after --seconds the best",
      "plan found is taken. What was decided is written beside the file, with the ending .solved."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan solve plan.toml",
      "  yuntai plan solve plan.toml --gap 0.1 --seconds 300 -o json"
    })
final class SolveCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  private final CliContext context;

  @Parameters(paramLabel = "FILE", description = "A plan; 'yuntai plan new' writes one.")
  private Path file = Path.of("plan.toml");

  @Option(
      names = "--gap",
      paramLabel = "PERCENT",
      description = "Stop when no plan can be better by more (default: 1).")
  private double gapPercent = 1;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Take the best plan found after so long (default: 600).")
  private double seconds = 600;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same inputs and seed give the same plan (default: 1).")
  private long seed = 1;

  @Option(
      names = "--pure-java",
      description = "Use no native library, whatever is there for this machine.")
  private boolean pureJava;

  @Mixin private final PlanOutput output = new PlanOutput();

  @Mixin private final FactsOption facts = new FactsOption();

  SolveCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PlanFile read = facts.with(known -> PlanFiles.read(file, known));
    read.notes().forEach(context.screen()::note);
    Effort effort = PlanFiles.mending(() -> new Effort(gapPercent / PERCENT, 1, seconds, seed));
    Outcome outcome = solve(read, effort);
    return switch (outcome) {
      case Outcome.Planned(Plan plan) -> planned(read, plan);
      case Outcome.Infeasible infeasible -> infeasible(infeasible);
      case Outcome.Unsolved(String sentence) ->
          throw new CommandException(ExitCode.NO_CAPACITY, sentence);
    };
  }

  private Outcome solve(PlanFile read, Effort effort) {
    try (Interruption _ = Interruption.ofCtrlC();
        Optimum optimum = pureJava ? Optimum.pureJava() : new Optimum()) {
      return PlanFiles.mending(() -> optimum.solve(read.inputs(), effort, this::told));
    }
  }

  private void told(Progress progress) {
    context
        .screen()
        .progress(
            context.text(
                "plan.solve.progress",
                progress.step(),
                number(progress.value()),
                number(progress.bound()),
                Double.isFinite(progress.gap())
                    ? Numbers.grouped(progress.gap() * PERCENT, 2)
                    : "-"));
  }

  private static String number(double millions) {
    return Double.isFinite(millions) ? Numbers.grouped(millions, 1) : "-";
  }

  private int planned(PlanFile read, Plan plan) {
    String digest = InputDigest.of(read.inputs());
    Path path = PlanFiles.solvedPath(file);
    PlanFiles.write(path, SolvedPlan.of(plan, digest).text().getBytes(StandardCharsets.UTF_8));
    if (output.isJson()) {
      Map<String, Object> fields = PlanFields.summary(plan);
      fields.put("input_sha256", digest);
      fields.put("file", path.toString());
      context.screen().result(Json.text(fields));
    } else {
      new PlanPrinter(context).summary(plan, digest);
      context.screen().note(context.text("plan.solve.written", path, file));
    }
    return ExitCode.OK.number();
  }

  private int infeasible(Outcome.Infeasible infeasible) {
    if (output.isJson()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("status", "infeasible");
      fields.put("sentence", infeasible.sentence());
      fields.put(
          "relax",
          infeasible.relax().stream()
              .map(one -> Map.of("limit", one.limit(), "unit", one.unit(), "by", one.by()))
              .toList());
      context.screen().result(Json.text(fields));
    } else {
      context.screen().result(infeasible.sentence());
      infeasible
          .relax()
          .forEach(one ->
              context
                  .screen()
                  .result(
                      "  %s: %s %s".formatted(one.limit(), Numbers.plain(one.by()), one.unit())));
    }
    return ExitCode.FAILED.number();
  }
}
