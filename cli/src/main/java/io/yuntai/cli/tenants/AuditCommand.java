package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.tenancy.AuditEvent;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code yuntai audit}. */
@Command(
    name = "audit",
    description = "Who changed what, from where; the newest first. Nothing of it is ever removed.",
    footerHeading = "%nExamples:%n",
    footer = {"  yuntai audit --limit 20", "  yuntai audit --tenant acme --json"})
public final class AuditCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Mixin private final NewestRows newest = new NewestRows();

  /** With what every command is given. */
  public AuditCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<AuditEvent> events = LocalTenants.with(context, home, this::events);
    if (newest.json()) {
      context.screen().result(Json.text(events.stream().map(Views::audit).toList()));
      return ExitCode.OK.number();
    }
    Table table = new Table(context.screen(), "AT", "TENANT", "WHO", "FROM", "WHAT", "OF");
    events.forEach(event ->
        table.row(
            Times.minute(event.at()),
            event.organisation(),
            event.actor(),
            event.origin(),
            event.action(),
            event.target()));
    table.print();
    return ExitCode.OK.number();
  }

  private List<AuditEvent> events(AdminServices services) {
    return newest.read(
        services,
        services.tenancy().audit()::all,
        (org, page) -> services.tenancy().audit().of(org.id(), page));
  }
}
