package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.prices.Commitment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code commitments end}. */
@Command(name = "end", description = "Let a commitment end with a period.")
final class EndCommitment extends BooksVerb {
  @Parameters(paramLabel = "ID", description = "Which, as 'commitments list' shows it.")
  private long id;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "The end of its last period (of the one under way).")
  private @Nullable String at;

  EndCommitment(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run(LocalBooks books) {
    Commitment ended = books.commitments().end(id, at == null ? null : LocalBooks.instant(at));
    context
        .screen()
        .note(
            context.text(
                "commitments.ended", id, Objects.requireNonNull(ended.until()).toString()));
    return ExitCode.OK;
  }
}
