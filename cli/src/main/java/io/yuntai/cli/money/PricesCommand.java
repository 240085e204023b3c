package io.yuntai.cli.money;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.BookVersion;
import io.yuntai.ledger.prices.Contract;
import io.yuntai.ledger.prices.PriceBook;
import io.yuntai.ledger.prices.PriceGrid;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai prices import|list|show|publish|diff|use|simulate|fx}. */
@Command(
    name = "prices",
    description = "Price lists: import, publish, compare, and let tenants pay by them.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai prices import prices.csv --name list --currency CNY --zone Asia/Shanghai",
      "  yuntai prices publish list",
      "  yuntai prices use list --tenant acme --pay 90%%"
    })
public final class PricesCommand extends Noun {
  private PricesCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new PricesCommand(context),
        new Import(context),
        new ListAll(context),
        new Show(context),
        new Publish(context),
        new Diff(context),
        new Use(context),
        new SimulateCommand(context),
        new KeepFxRate(context));
  }

  /** {@code prices import}. */
  @Command(
      name = "import",
      description =
          "Read a price list from CSV and keep it as a draft, the next version of its name.",
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai prices import prices.csv --name list --currency CNY"})
  static final class Import implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(
        paramLabel = "FILE",
        description = "The price list; docs/prices.md shows its columns.")
    private Path file = Path.of("");

    @Option(
        names = "--name",
        paramLabel = "NAME",
        required = true,
        description = "The price book's name.")
    private String name = "";

    @Option(
        names = "--currency",
        paramLabel = "CODE",
        required = true,
        description = "Such as CNY or USD.")
    private String currency = "";

    @Option(
        names = "--zone",
        paramLabel = "ZONE",
        defaultValue = "UTC",
        description = "Whose clock night prices and dates go by (UTC), such as Asia/Shanghai.")
    private String zone = "UTC";

    @Option(names = "--note", paramLabel = "TEXT", description = "What the version is for.")
    private String note = "";

    Import(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      BookVersion draft =
          LocalBooks.with(
              context,
              home.directory(context.environment()),
              books -> books.prices().draft(read(), note));
      context.screen().result(draft.book().name() + "@" + draft.version());
      context
          .screen()
          .note(context.text("prices.imported", draft.book().items().size(), draft.book().name()));
      return ExitCode.OK.number();
    }

    private PriceBook read() {
      try {
        return PriceListCsv.read(
            name,
            IsoCurrency.of(currency),
            ZoneId.of(zone),
            Instant.now(),
            Files.readString(file, StandardCharsets.UTF_8));
      } catch (IOException unreadable) {
        throw new CommandException(
            ExitCode.NOT_FOUND, "The price list " + file + " can't be read as text.", unreadable);
      } catch (DateTimeException unknown) {
        throw new CommandException(
            ExitCode.USAGE, "'" + zone + "' is no time zone; write Asia/Shanghai or UTC.", unknown);
      }
    }
  }

  /** {@code prices list}. */
  @Command(name = "list", aliases = "ls", description = "List all price books and their versions.")
  static final class ListAll implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListAll(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      List<BookVersion> all =
          LocalBooks.with(
              context, home.directory(context.environment()), books -> books.prices().list());
      if (json) {
        context.screen().result(Json.text(all.stream().map(PricesCommand::fields).toList()));
      } else if (all.isEmpty()) {
        context.screen().note(context.text("prices.none"));
      } else {
        Table table =
            new Table(context.screen(), "BOOK", "CURRENCY", "PRICES", "FROM", "SHA-256", "NOTE");
        all.forEach(version ->
            table.row(
                version.book().name() + "@" + version.version(),
                version.book().currency().code(),
                Integer.toString(version.book().items().size()),
                version.published() ? version.book().effectiveFrom().toString() : "draft",
                version.sha256() == null ? "" : version.sha256().substring(0, 12),
                version.note()));
        table.print();
      }
      return ExitCode.OK.number();
    }
  }

  private static Map<String, Object> fields(BookVersion version) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", version.book().name());
    fields.put("version", version.version());
    fields.put("currency", version.book().currency().code());
    fields.put("zone", version.book().zone().getId());
    fields.put("prices", version.book().items().size());
    fields.put("published", version.published());
    fields.put(
        "effective_from", version.published() ? version.book().effectiveFrom().toString() : "");
    fields.put("sha256", version.sha256() == null ? "" : version.sha256());
    fields.put("note", version.note());
    return fields;
  }

  /** {@code prices show}. */
  @Command(
      name = "show",
      description =
          "Show what each model costs, all factors included: of a million tokens, or of one other unit.")
  static final class Show implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "BOOK", description = "NAME, or NAME@VERSION.")
    private String book = "";

    @Option(names = "--at", paramLabel = "TIME", description = "At this time (now).")
    private @Nullable String at;

    Show(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      BookName wanted = BookName.parse(book);
      Instant when = at == null ? Instant.now() : LocalBooks.instant(at);
      BookVersion version =
          LocalBooks.with(
              context,
              home.directory(context.environment()),
              books -> books.prices().find(wanted.name(), wanted.version()));
      Table table =
          new Table(context.screen(), "WHAT", "PRICE, " + version.book().currency()).alignRight(1);
      PriceGrid.of(version.book(), when)
          .forEach(
              line -> table.row(line.what(), PriceGrid.shown(line, version.book().currency())));
      table.print();
      return ExitCode.OK.number();
    }
  }

  /** {@code prices publish}. */
  @Command(
      name = "publish",
      description =
          "Publish a draft. From then on it never changes, and takes the place of the last one.")
  static final class Publish implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "BOOK", description = "NAME, or NAME@VERSION.")
    private String book = "";

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "From when on it holds (as soon as possible).")
    private @Nullable String from;

    Publish(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      BookName wanted = BookName.parse(book);
      Instant start = from == null ? null : LocalBooks.instant(from);
      BookVersion published =
          LocalBooks.with(
              context,
              home.directory(context.environment()),
              books -> {
                PriceStore prices = books.prices();
                int version = prices.find(wanted.name(), wanted.version()).version();
                return prices.publish(wanted.name(), version, start);
              });
      context.screen().result(Objects.requireNonNull(published.sha256()));
      context
          .screen()
          .note(
              context.text(
                  "prices.published",
                  published.book().name() + "@" + published.version(),
                  published.book().effectiveFrom().toString()));
      return ExitCode.OK.number();
    }
  }

  /** {@code prices diff}. */
  @Command(
      name = "diff",
      description = "Show every price that differs between two books or versions.")
  static final class Diff implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(index = "0", paramLabel = "BEFORE", description = "NAME, or NAME@VERSION.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "AFTER", description = "NAME, or NAME@VERSION.")
    private String after = "";

    Diff(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      BookName one = BookName.parse(before);
      BookName other = BookName.parse(after);
      List<BookVersion> both =
          LocalBooks.with(
              context,
              home.directory(context.environment()),
              books ->
                  List.of(
                      books.prices().find(one.name(), one.version()),
                      books.prices().find(other.name(), other.version())));
      PriceBook old = both.getFirst().book();
      PriceBook renewed = both.getLast().book();
      Table table = new Table(context.screen(), "WHAT", before, after).alignRight(1, 2);
      for (PriceGrid.Difference difference :
          PriceGrid.difference(old, old.effectiveFrom(), renewed, renewed.effectiveFrom())) {
        table.row(
            difference.what(),
            shown(difference.before(), old.currency()),
            shown(difference.after(), renewed.currency()));
      }
      table.print();
      return ExitCode.OK.number();
    }

    private static String shown(PriceGrid.@Nullable Line line, IsoCurrency currency) {
      return line == null ? "-" : PriceGrid.shown(line, currency);
    }
  }

  /** {@code prices use}. */
  @Command(
      name = "use",
      description = "Let a tenant pay by a published price book.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  yuntai prices use list --tenant acme",
        "  yuntai prices use list --tenant acme --pay 90%% --pay 'qwen3*=4/5' --from 2027-01-01"
      })
  static final class Use implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(
        paramLabel = "BOOK",
        description = "The book's name; its versions follow one another.")
    private String book = "";

    @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Who pays.")
    private String tenant = "";

    @Option(
        names = "--pay",
        paramLabel = "[MODEL=]SHARE",
        description = "What is paid of its prices: 90%% of all, or qwen3*=80%% of some models'.")
    private List<String> pay = new ArrayList<>();

    @Option(names = "--from", paramLabel = "TIME", description = "From when on (now).")
    private @Nullable String from;

    Use(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Instant start = from == null ? null : LocalBooks.instant(from);
      Contract contract =
          LocalBooks.with(
              context,
              home.directory(context.environment()),
              books ->
                  books
                      .prices()
                      .agree(
                          books.org(tenant), book, start, pay.stream().map(Use::factor).toList()));
      context
          .screen()
          .note(
              context.text("prices.used", tenant, contract.bookName(), contract.from().toString()));
      return ExitCode.OK.number();
    }

    private static Contract.Factor factor(String text) {
      int equals = text.lastIndexOf('=');
      return equals < 0
          ? new Contract.Factor("*", Ratio.parse(text, "share"))
          : new Contract.Factor(
              text.substring(0, equals), Ratio.parse(text.substring(equals + 1), "share"));
    }
  }
}
