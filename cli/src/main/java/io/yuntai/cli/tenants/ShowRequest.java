package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.requests.LoggedRequest;
import io.yuntai.ledger.requests.LoggedRequest.Stages;
import io.yuntai.ledger.requests.RequestRow;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.server.admin.RequestViews;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code requests show}. */
@Command(name = "show", description = "Show one request with its stages.")
final class ShowRequest implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(paramLabel = "ID", description = "What the answer's x-request-id said.")
  private String id = "";

  @Option(names = "--json", description = "Print it as the admin API has it.")
  private boolean json;

  ShowRequest(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    RequestRow row =
        LocalTenants.with(
            context,
            home,
            services ->
                services
                    .requests()
                    .find(id)
                    .orElseThrow(() -> RefusedException.notFound("request", id)));
    if (json) {
      context.screen().result(Json.text(RequestViews.request(row)));
      return ExitCode.OK.number();
    }
    print(row);
    return ExitCode.OK.number();
  }

  private void print(RequestRow row) {
    LoggedRequest request = row.request();
    Table facts = new Table(context.screen(), "REQUEST", request.requestId());
    facts.row("at", request.at().toString());
    facts.row("tenant", row.tenant());
    facts.row("key", (row.key() + " " + row.keyName()).strip());
    facts.row("api", request.asked().dialect() + " " + request.asked().operation());
    facts.row("model", request.asked().model());
    facts.row("route", (request.served().route() + " " + request.served().target()).strip());
    facts.row("status", (request.outcome().status() + " " + request.outcome().errorCode()).strip());
    facts.row("finish", request.outcome().finish());
    facts.row(
        "tokens",
        "%d in, %d cached, %d out"
            .formatted(
                request.tokens().inputLength(),
                request.tokens().cacheHit(),
                request.tokens().generated()));
    facts.row("amount", row.amount().toPlainString() + " " + row.currency());
    facts.row("price book", row.priceBook());
    facts.row("ledger entry", row.entry().isPresent() ? "" + row.entry().getAsLong() : "");
    facts.row("client", request.asker().client());
    facts.print();
    Stages stages = request.stages();
    Table times = new Table(context.screen(), "STAGE", "MILLISECONDS");
    stage(times, "auth", stages.auth());
    stage(times, "prepare", stages.prepare());
    stage(times, "hold", stages.hold());
    stage(times, "queue", stages.queue());
    stage(times, "prefill", stages.prefill());
    stage(times, "decode", stages.decode());
    stage(times, "settle", stages.settle());
    stage(times, "total", stages.total());
    times.print();
    request
        .served()
        .attempts()
        .forEach(attempt ->
            context
                .screen()
                .result(
                    "%s: %s after %.3f ms"
                        .formatted(attempt.target(), attempt.outcome(), attempt.micros() / 1e3)));
  }

  private static void stage(Table times, String name, long micros) {
    if (micros != Stages.NONE) {
      times.row(name, String.format(Locale.ROOT, "%.3f", micros / 1e3));
    }
  }
}
