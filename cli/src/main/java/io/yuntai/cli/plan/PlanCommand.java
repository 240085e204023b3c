package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The noun {@code plan}; its verbs are commands of their own. */
@Command(
    name = "plan",
    description = "Plan how much infrastructure to buy, and whether to buy any.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan size --model deepseek-v3 --chip h200 --requests 20",
      "  yuntai plan rent-or-buy --rent 2.00",
      "  yuntai plan forecast usage.csv",
      "  yuntai plan facts chip.h200"
    })
public final class PlanCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private PlanCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine plan = new CommandLine(new PlanCommand(context));
    plan.addSubcommand("size", new SizeCommand(context));
    plan.addSubcommand("rent-or-buy", new RentOrBuyCommand(context));
    plan.addSubcommand("forecast", new ForecastCommand(context));
    plan.addSubcommand("facts", new FactsCommand(context, Clock.systemUTC()));
    return plan;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
