package io.yuntai.bench.plan;

import io.yuntai.bench.MarkedText;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/plan}: the worked examples of the planner. */
@Command(
    name = "bench/plan",
    description = "Solve the planner's worked examples: time, gap, size, memory.",
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
  private static final double PERCENT = 100;
  private static final int SMALL_RUNS = 21;
  private static final double SMALL_SECONDS = 1;
  private static final double[] MOMENTS = {15, 30, 60, 120};

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "An example; repeatable (default: start-up, enterprise, hyperscale).")
  private List<String> templates = List.of("start-up", "enterprise", "hyperscale");

  @Option(names = "--gap", paramLabel = "PERCENT", description = "Stop there (default: 1).")
  private double gapPercent = 1;

  @Option(names = "--seconds", paramLabel = "N", description = "The guard (default: 120).")
  private double seconds = 120;

  @Option(names = "--twice", description = "Solve each twice, and compare the plans' bytes.")
  private boolean twice;

  @Option(names = "--page", description = "The Markdown file whose section is to be replaced.")
  private @Nullable Path page;

  private final List<String> lines = new ArrayList<>();

  /** Starts it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PlanCommand()).execute(arguments));
  }

  @Override
  public Integer call() {
    say(
        "| example | columns, rows, entries, whole | first plan | gap reached | gap after 15, 30, 60, 120 s | in all | CPU | heap, both processes |");
    say("| --- | --- | --- | --- | --- | --- | --- | --- |");
    boolean same = true;
    for (String name : templates) {
      same &= measure(PlanTemplate.of(name));
    }
    Path place = page;
    if (place != null) {
      MarkedText.replace(place, "plan", String.join("\n", lines));
    }
    return same ? 0 : 1;
  }

  private boolean measure(PlanTemplate template) {
    Effort effort = new Effort(gapPercent / PERCENT, 1, seconds, 1);
    PlanRun run = PlanRun.of(template, effort);
    String again = "";
    if (run.seconds() < SMALL_SECONDS) {
      double[] all = new double[SMALL_RUNS];
      Arrays.setAll(all, _ -> PlanRun.of(template, effort).seconds());
      Arrays.sort(all);
      again = " (cold; median of %d more: %s)".formatted(SMALL_RUNS, time(all[SMALL_RUNS / 2]));
    }
    say(
        "| %s | %,d, %,d, %,d, %,d | %s | %s | %s | %s%s | %.1f s | %.0f MB, %.0f MB |"
            .formatted(
                template.text(),
                run.program().columns(),
                run.program().rowCount(),
                run.program().entries(),
                run.program().wholeColumns(),
                time(run.secondsToPlan()),
                reached(run),
                moments(run),
                time(run.seconds()),
                again,
                run.cpuSeconds(),
                run.heapMegabytes(),
                run.memoryMegabytes()));
    if (!twice) {
      return true;
    }
    boolean same = run.text().equals(PlanRun.of(template, effort).text());
    say("");
    say("%s solved twice: %s.".formatted(template.text(), same ? "the same bytes" : "OTHER BYTES"));
    return same;
  }

  private String reached(PlanRun run) {
    if (!(run.outcome() instanceof Outcome.Planned(Plan plan))) {
      return String.valueOf(run.outcome());
    }
    double at = run.secondsToGap(gapPercent / PERCENT);
    return Double.isFinite(at)
        ? "%s; %s after %s".formatted(percent(plan.gap()), percent(gapPercent / PERCENT), time(at))
        : percent(plan.gap());
  }

  private String moments(PlanRun run) {
    List<String> gaps = new ArrayList<>();
    for (double moment : MOMENTS) {
      gaps.add(moment <= seconds ? percent(run.gapAfter(moment)) : "-");
    }
    return String.join(", ", gaps);
  }

  private static String percent(double gap) {
    return Double.isFinite(gap) ? "%.2f %%".formatted(gap * PERCENT) : "none";
  }

  private static String time(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.3f s" : "%.1f s", value);
  }

  private void say(String line) {
    System.out.println(line);
    lines.add(line);
  }
}
