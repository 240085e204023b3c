package io.yuntai.cli.inspect;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The noun {@code model}; its verbs are commands of their own. */
@Command(
    name = "model",
    description =
        "Look inside a model: metadata, tokens, logits, prompts; write it in other types.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai model inspect ./my.gguf",
      "  echo '[\"Hello\"]' | yuntai model tokenize qwen2.5-coder:0.5b",
      "  yuntai model perplexity qwen2.5-coder:0.5b text.txt"
    })
public final class ModelCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private ModelCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine model = new CommandLine(new ModelCommand(context));
    model.addSubcommand("inspect", new InspectCommand(context));
    model.addSubcommand("tokenize", new TokenizeCommand(context));
    model.addSubcommand("detokenize", new DetokenizeCommand(context));
    model.addSubcommand("logits", new LogitsCommand(context));
    model.addSubcommand("render", new RenderCommand(context));
    model.addSubcommand("perplexity", new PerplexityCommand(context));
    model.addSubcommand("quantize", new QuantizeCommand(context));
    return model;
  }

  @Override
  public Integer call() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }
}
