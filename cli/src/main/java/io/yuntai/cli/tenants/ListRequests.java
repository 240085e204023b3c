package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.ledger.requests.RequestFilter;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.RequestViews;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code requests list}. */
@Command(name = "list", aliases = "ls", description = "List requests, the newest first.")
final class ListRequests implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final NewestRows newest = new NewestRows();

  @Option(names = "--project", paramLabel = "NAME", description = "Only of this project.")
  private @Nullable String project;

  @Option(names = "--key", paramLabel = "ID", description = "Only of this key.")
  private @Nullable String key;

  @Option(
      names = "--person",
      paramLabel = "EMAIL",
      description = "Only those that this person asked in the console.")
  private @Nullable String person;

  @Option(names = "--model", paramLabel = "NAME", description = "Only for this model or route.")
  private @Nullable String model;

  @Option(names = "--status", paramLabel = "CODE", description = "Only with this HTTP status.")
  private @Nullable Integer status;

  @Option(names = "--error", paramLabel = "CODE", description = "Only with this error's code.")
  private @Nullable String error;

  @Option(names = "--failed", description = "Only those that went wrong.")
  private boolean failed;

  @Option(
      names = "--slower-than",
      paramLabel = "MS",
      description = "Only those that took longer than so many milliseconds.")
  private @Nullable Long slowerThanMillis;

  @Option(names = "--since", paramLabel = "WHEN", description = "A time, or 12h, 7d, 4w ago.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "WHEN", description = "The same.")
  private @Nullable String until;

  ListRequests(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<RequestRow> rows = LocalTenants.with(context, home, this::rows);
    if (newest.json()) {
      context.screen().result(Json.text(rows.stream().map(RequestViews::request).toList()));
      return ExitCode.OK.number();
    }
    Table table =
        new Table(
            context.screen(),
            "AT",
            "REQUEST",
            "TENANT",
            "MODEL",
            "STATUS",
            "TOKENS",
            "FIRST",
            "TOTAL",
            "AMOUNT");
    rows.forEach(row -> print(table, row));
    table.print();
    return ExitCode.OK.number();
  }

  private static void print(Table table, RequestRow row) {
    LoggedRequest request = row.request();
    table.row(
        request.at().truncatedTo(ChronoUnit.SECONDS).toString(),
        request.requestId(),
        row.tenant(),
        request.asked().model(),
        request.outcome().status() + " " + request.outcome().errorCode(),
        request.tokens().inputLength() + "+" + request.tokens().generated(),
        seconds(request.stages().firstToken()),
        seconds(request.stages().total()),
        row.amount().stripTrailingZeros().toPlainString() + " " + row.currency());
  }

  private static String seconds(long micros) {
    return micros == Stages.NONE ? "-" : String.format(Locale.ROOT, "%.3f s", micros / 1e6);
  }

  private List<RequestRow> rows(AdminServices services) {
    Instant now = Instant.now();
    RequestFilter filter =
        new RequestFilter(
            Optional.ofNullable(since).map(text -> Times.earlier("--since", text, now)),
            Optional.ofNullable(until).map(text -> Times.earlier("--until", text, now)),
            Optional.ofNullable(project),
            Optional.ofNullable(key),
            Optional.ofNullable(person),
            Optional.ofNullable(model),
            Optional.empty(),
            status == null ? OptionalInt.empty() : OptionalInt.of(status),
            failed ? Optional.of(true) : Optional.empty(),
            Optional.ofNullable(error),
            Optional.empty(),
            slowerThanMillis == null
                ? OptionalLong.empty()
                : OptionalLong.of(slowerThanMillis * 1000));
    return newest.read(
        services,
        page -> services.requests().all(filter, page),
        (org, page) -> services.requests().of(org, filter, page));
  }
}
