package io.yuntai.cli.schema;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The noun {@code schema}; its verbs are commands of their own. */
@Command(
    name = "schema",
    description = "Look at JSON Schemas for structured output.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai schema check person.schema.json", "  yuntai schema check --help"})
public final class SchemaCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private SchemaCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine schema = new CommandLine(new SchemaCommand(context));
    schema.addSubcommand("check", new CheckCommand(context));
    return schema;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
