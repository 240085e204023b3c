package io.yuntai.bench.plan;

import io.yuntai.bench.gateway.ProcessTree;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.files.InputDigest;
import io.yuntai.planner.files.PlanFileReader;
import io.yuntai.planner.files.PlanTemplate;
import io.yuntai.planner.files.SolvedPlan;
import io.yuntai.planner.optimum.Optimum;
import io.yuntai.planner.plan.Effort;
import io.yuntai.planner.plan.Outcome;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Progress;
import io.yuntai.planner.program.LinearProgram;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;

/**
 * One example solved once.
 *
 * @param program that was solved, before rows for losses of sites
 * @param steps progress with its time
 * @param seconds until the plan was there
 * @param cpuSeconds of this process and the solver's
 * @param heapMegabytes most that this process's heap held
 * @param memoryMegabytes most that both processes were seen to hold
 * @param text of the solved plan; empty where there is none
 */
record PlanRun(
    LinearProgram program,
    List<Step> steps,
    double seconds,
    double cpuSeconds,
    double heapMegabytes,
    double memoryMegabytes,
    Outcome outcome,
    String text) {
  private static final double MEGABYTE = 1 << 20;

  /** Progress, so many seconds after the beginning. */
  record Step(double seconds, Progress progress) {}

  static PlanRun of(PlanTemplate template, Effort effort) {
    resetHeap();
    ProcessTree tree = new ProcessTree(ProcessHandle.current());
    double cpu = tree.cpuSeconds();
    List<Step> steps = new ArrayList<>();
    double[] memory = {tree.memoryMegabytes()};
    long begin = System.nanoTime();
    PlanInputs inputs =
        PlanFileReader.text(template.text(), template.content(), Facts.defaults()).inputs();
    Outcome outcome;
    double seconds;
    double used;
    try (Optimum optimum = new Optimum()) {
      outcome =
          optimum.solve(
              inputs,
              effort,
              progress -> {
                steps.add(new Step(since(begin), progress));
                if (since(begin) > 1) {
                  // Looking takes milliseconds, which small plans would feel.
                  memory[0] = Math.max(memory[0], (double) tree.memoryMegabytes());
                }
              });
      seconds = since(begin);
      used = tree.cpuSeconds() - cpu;
      memory[0] = Math.max(memory[0], (double) tree.memoryMegabytes());
    }
    String text =
        outcome instanceof Outcome.Planned planned
            ? SolvedPlan.of(planned.plan(), InputDigest.of(inputs)).text()
            : "";
    return new PlanRun(
        Optimum.program(inputs), steps, seconds, used, heap(), memory[0], outcome, text);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void resetHeap() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static double heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToDouble(pool -> pool.getPeakUsage().getUsed())
            .sum()
        / MEGABYTE;
  }

  /** When a gap was first reached; infinite when it was not. */
  double secondsToGap(double gap) {
    return steps.stream()
        .filter(step -> step.progress.gap() <= gap)
        .mapToDouble(Step::seconds)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** When the first plan was there. */
  double secondsToPlan() {
    return steps.stream()
        .filter(step -> Double.isFinite(step.progress.value()))
        .mapToDouble(Step::seconds)
        .findFirst()
        .orElse(seconds);
  }

  /** The gap after so long; infinite without a plan or a bound. */
  double gapAfter(double limit) {
    return steps.stream()
        .filter(step -> step.seconds <= limit)
        .mapToDouble(step -> step.progress.gap())
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }
}
