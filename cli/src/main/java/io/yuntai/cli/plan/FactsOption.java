package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Confidence;
import io.yuntai.planner.facts.Fact;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.facts.FactsReader;
import io.yuntai.planner.facts.Unit;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The numbers that a plan stands on, and the user's own in their place. */
final class FactsOption {
  private static final Pattern SETTING = Pattern.compile("([^=\\s]+)=(\\S+) (.+)");

  @Option(
      names = "--facts",
      paramLabel = "FILE",
      description = "A TOML file with numbers of your own; 'yuntai plan facts' shows their names.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "One number of your own, such as 'chip.h200.price=25000 USD/accelerator'.")
  private List<String> settings = new ArrayList<>();

  /** Runs with them; what is wrong with any of them is the user's to mend. */
  <T> T with(Function<Facts, T> use) {
    try {
      Facts facts = Facts.defaults();
      for (Path file : files) {
        facts = facts.with(FactsReader.file(file));
      }
      Map<String, Fact> own = new LinkedHashMap<>();
      for (String setting : settings) {
        Fact fact = fact(setting);
        own.put(fact.name(), fact);
      }
      return use.apply(facts.with(own));
    } catch (PlannerException e) {
      throw new CommandException(ExitCode.USAGE, e.sentence(), e);
    }
  }

  private static Fact fact(String setting) {
    Matcher parts = SETTING.matcher(setting);
    try {
      if (parts.matches()) {
        return new Fact(
            parts.group(1),
            Double.parseDouble(parts.group(2)),
            Unit.of(parts.group(3)),
            "--set",
            YearMonth.now(Clock.systemUTC()),
            Confidence.UNVERIFIED);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new PlannerException(
        "--set takes NAME=VALUE with a number and its unit, such as 'hall.price=120 USD/kW/month', not '%s'."
            .formatted(setting));
  }
}
