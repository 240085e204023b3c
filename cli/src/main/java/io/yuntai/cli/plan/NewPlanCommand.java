package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.planner.PlannerException;
import io.yuntai.planner.files.PlanTemplate;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai plan new}. */
@Command(
    name = "new",
    description = {
      "Write a plan to begin with: a commented TOML file that can be solved as it is.",
      "start-up: own one server, rent or use an API; enterprise: three regions, data that must stay,",
      "the loss of a site; hyperscale: twelve sites and CNY 380 billion."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai plan new", "  yuntai plan new cloud.toml --template enterprise"})
final class NewPlanCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Where to write it (default: plan.toml).")
  private Path file = Path.of("plan.toml");

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "start-up, enterprise or hyperscale (default: start-up).")
  private String template = "start-up";

  NewPlanCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try {
      Files.writeString(file, PlanTemplate.of(template).content(), StandardOpenOption.CREATE_NEW);
    } catch (PlannerException e) {
      throw new CommandException(ExitCode.USAGE, e.sentence(), e);
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(
          ExitCode.USAGE, "%s is there already; name another file.".formatted(file), e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "%s can't be written: %s.".formatted(file, e), e);
    }
    context.screen().result(context.text("plan.new.written", file));
    return ExitCode.OK.number();
  }
}
