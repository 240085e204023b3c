package io.yuntai.cli.inspect;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
public final class ModelCommand extends Noun {
  private ModelCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new ModelCommand(context),
        new InspectCommand(context),
        new TokenizeCommand(context),
        new DetokenizeCommand(context),
        new LogitsCommand(context),
        new RenderCommand(context),
        new PerplexityCommand(context),
        new QuantizeCommand(context));
  }
}
