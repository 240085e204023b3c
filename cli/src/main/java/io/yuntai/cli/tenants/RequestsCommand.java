package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code yuntai requests list|show|replay}. */
@Command(
    name = "requests",
    description = "What became of each request: who asked, how long each stage took, its cost.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai requests list --since 1h --failed",
      "  yuntai requests list --tenant acme --model qwen2.5-coder:0.5b --slower-than 2000",
      "  yuntai requests show req_0123456789abcdef01234567",
      "  yuntai requests replay req_0123456789abcdef01234567 --model qwen2.5-coder:1.5b"
    })
public final class RequestsCommand extends Noun {
  private RequestsCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new RequestsCommand(context),
        new ListRequests(context),
        new ShowRequest(context),
        new ReplayRequest(context));
  }
}
