package io.yuntai.cli.money;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentTerms;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all verbs have that agree on a commitment. */
abstract class AddCommitment extends BooksVerb {
  private static final Pattern COUNT = Pattern.compile("([0-9]{1,15})([KMG]?)");

  @Parameters(index = "0", paramLabel = "TENANT", description = "Whose it is.")
  private String tenant = "";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = "*",
      description = "For which models: a name, or its beginning with * after it (all).")
  private String model = "*";

  @Option(
      names = "--by",
      paramLabel = "PERIOD",
      defaultValue = "month",
      description = "hour or month (month), the latter by the tenant's time zone.")
  private String period = "month";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "The beginning of its first period (of the one under way).")
  private @Nullable String from;

  AddCommitment(CliContext context) {
    super(context);
  }

  /** What is agreed on, with amounts in the tenant's currency. */
  abstract CommitmentTerms terms(IsoCurrency currency);

  @Override
  final ExitCode run(LocalBooks books) {
    long org = books.org(tenant);
    Commitment agreed =
        books
            .commitments()
            .agree(
                org,
                model,
                CommitmentPeriod.of(period),
                terms(books.currency(org)),
                from == null ? null : LocalBooks.instant(from));
    context.screen().result(Long.toString(agreed.id()));
    context
        .screen()
        .note(context.text("commitments.agreed", agreed.id(), tenant, agreed.from().toString()));
    return ExitCode.OK;
  }

  /** Reads {@code 500000}, {@code 500K}, {@code 5M} or {@code 1G}. */
  static long tokens(String text) {
    Matcher count = COUNT.matcher(text);
    if (!count.matches()) {
      throw new CommandException(
          ExitCode.USAGE, "'" + text + "' is no number of tokens: write 500000, 500K, 5M or 1G.");
    }
    long times =
        switch (count.group(2)) {
          case "K" -> 1_000L;
          case "M" -> 1_000_000L;
          case "G" -> 1_000_000_000L;
          default -> 1L;
        };
    try {
      return Math.multiplyExact(Long.parseLong(count.group(1)), times);
    } catch (ArithmeticException absurd) {
      throw new CommandException(
          ExitCode.USAGE, "'" + text + "' tokens are absurdly many.", absurd);
    }
  }

  static long nano(IsoCurrency currency, String amount) {
    return Money.parse(currency, amount).nano();
  }
}
