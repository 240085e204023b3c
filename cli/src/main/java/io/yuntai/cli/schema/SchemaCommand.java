package io.yuntai.cli.schema;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The noun {@code schema}; its verbs are commands of their own. */
@Command(
    name = "schema",
    description = "Look at JSON Schemas for structured output.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai schema check person.schema.json", "  yuntai schema check --help"})
public final class SchemaCommand extends Noun {
  private SchemaCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(new SchemaCommand(context), new CheckCommand(context));
  }
}
