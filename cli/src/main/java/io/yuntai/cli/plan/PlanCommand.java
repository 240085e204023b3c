package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The noun {@code plan}; its verbs are commands of their own. */
@Command(
    name = "plan",
    description = "Plan how much infrastructure to buy, and whether to buy any.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan new plan.toml --template start-up",
      "  yuntai plan solve plan.toml",
      "  yuntai plan size --model deepseek-v3 --chip h200 --requests 20",
      "  yuntai plan rent-or-buy --use 40",
      "  yuntai plan forecast usage.csv",
      "  yuntai plan facts chip.h200"
    })
public final class PlanCommand extends Noun {
  private PlanCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new PlanCommand(context),
        new NewPlanCommand(context),
        new SolveCommand(context),
        new ShowPlanCommand(context, Clock.systemUTC()),
        new ExplainPlanCommand(context),
        new ComparePlansCommand(context),
        new ReplayPlanCommand(context),
        new ExportPlanCommand(context),
        new SizeCommand(context),
        new RentOrBuyCommand(context),
        new ForecastCommand(context),
        new FactsCommand(context, Clock.systemUTC()));
  }
}
