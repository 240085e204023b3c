package io.yuntai.cli.terminal;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only has others below it, such as {@code keys}: alone it explains itself. */
public abstract class Noun implements Callable<Integer> {
  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  /** A noun that explains itself here. */
  protected Noun(CliContext context) {
    this.context = context;
  }

  /**
   * The noun with its verbs.
   *
   * @param verbs each a command that says its own name
   */
  protected static CommandLine tree(Noun noun, Object... verbs) {
    CommandLine tree = new CommandLine(noun);
    for (Object verb : verbs) {
      tree.addSubcommand(verb);
    }
    return tree;
  }

  @Override
  public final Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
