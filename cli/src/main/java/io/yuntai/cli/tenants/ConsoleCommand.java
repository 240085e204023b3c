package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.ledger.identity.SignInLink;
import io.yuntai.ledger.identity.SignInLinks;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.ServerState;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.auth.SignInAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code yuntai console}. */
@Command(
    name = "console",
    description = "Print an address that opens the console and lets you in once.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai console                               as the owner of this server",
      "  yuntai console --email li@example.com        as somebody else, whose password is lost"
    })
public final class ConsoleCommand extends TenantVerb {
  @Option(
      names = "--email",
      paramLabel = "EMAIL",
      description = "Whom it lets in (default: the tenant's owner).")
  private Optional<String> email = Optional.empty();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where browsers find the server (where it runs now).")
  private Optional<String> url = Optional.empty();

  /** With this screen and environment. */
  public ConsoleCommand(CliContext context) {
    super(context);
  }

  @Override
  Told run(AdminServices services, Organisation org) {
    SignInLinks links = services.identity().links();
    Optional<Member> member = member(services, org);
    SignInLink link =
        member.isPresent()
            ? links.forMember(LocalTenants.actor(), org, member.get(), true)
            : links.againForFirstOwner(LocalTenants.actor());
    String address = SignInAddress.of(url.orElseGet(this::running), link);
    return new Told(
        Map.of("email", link.email(), "url", address, "expires", link.expires().toString()),
        () -> {
          context.screen().result(address);
          context
              .screen()
              .note(
                  member.isPresent()
                      ? context.text("members.link", link.email(), link.expires())
                      : context.text("console.first", link.expires()));
        });
  }

  private String running() {
    return ServerState.find(directory()).map(ServerState::url).orElse("http://127.0.0.1:8460");
  }

  /** Whom to let in; empty for the first owner of a server that has none. */
  private Optional<Member> member(AdminServices services, Organisation org) {
    if (email.isPresent()) {
      return Optional.of(services.tenancy().members().find(org, email.get()));
    }
    List<Member> owners =
        LocalTenants.all(page -> services.tenancy().members().list(org, page)).stream()
            .filter(member -> member.role() == Role.OWNER)
            .toList();
    if (owners.size() > 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "The tenant %s has several owners: say whom to let in by --email, one of %s."
              .formatted(
                  org.name(),
                  owners.stream().map(Member::email).limit(10).collect(Collectors.joining(", "))));
    }
    if (owners.isEmpty() && org.id() != Organisation.DEFAULT_ID) {
      throw new CommandException(
          ExitCode.USAGE,
          "The tenant %s has no owner: say whom to let in by --email.".formatted(org.name()));
    }
    return owners.stream().findFirst();
  }
}
