package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.planner.facts.Facts;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command that computes one answer from facts.
 *
 * @param <A> the answer
 */
abstract class PlanVerb<A> implements Callable<Integer> {
  final CliContext context;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Mixin private final FactsOption facts = new FactsOption();

  PlanVerb(CliContext context) {
    this.context = context;
  }

  /** Computes it. */
  abstract A answer(Facts known);

  /** The answer for programs; the names are stable. */
  abstract Map<String, Object> fields(A answer);

  /** Prints the answer for people. */
  abstract void print(A answer);

  @Override
  public final Integer call() {
    A answer = facts.with(this::answer);
    if (json) {
      context.screen().result(Json.text(fields(answer)));
    } else {
      print(answer);
    }
    return ExitCode.OK.number();
  }
}
