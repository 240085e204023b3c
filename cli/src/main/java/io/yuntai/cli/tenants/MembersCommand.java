package io.yuntai.cli.tenants;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.identity.SignInLink;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Member;
import io.yuntai.ledger.tenancy.Members;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Role;
import io.yuntai.server.ServerState;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import io.yuntai.server.auth.SignInAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai members list|add|role|remove|link|reset-factor}. */
@Command(
    name = "members",
    description = "Look after a tenant's people: their roles, and how they get in.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai members add li@acme.example --tenant acme --role admin",
      "  yuntai members link li@acme.example --tenant acme",
      "  yuntai members list --tenant acme"
    })
public final class MembersCommand extends Noun {
  private MembersCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new MembersCommand(context),
        new ListAll(context),
        new Add(context),
        new Change(context),
        new Remove(context),
        new Link(context),
        new ResetFactor(context));
  }

  /** {@code members list}. */
  @Command(name = "list", aliases = "ls", description = "List a tenant's members.")
  static final class ListAll extends TenantVerb {
    ListAll(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Members members = services.tenancy().members();
      List<Member> all = LocalTenants.all(page -> members.list(org, page));
      return new Told(all.stream().map(Views::member).toList(), () -> print(all));
    }

    private void print(List<Member> all) {
      Table table = new Table(context.screen(), "EMAIL", "ROLE", "SINCE", "NAME");
      all.forEach(member ->
          table.row(
              member.email(),
              member.role().label(),
              member.created().toString().substring(0, 10),
              member.name()));
      table.print();
    }
  }

  /** {@code members add}. */
  @Command(name = "add", description = "Make a person a member; 'members link' lets them in.")
  static final class Add extends TenantVerb {
    @Parameters(paramLabel = "EMAIL", description = "The person's address.")
    private String email = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        defaultValue = "developer",
        description =
            "owner, admin, billing, developer, auditor or user (default: ${DEFAULT-VALUE}).")
    private String role = "";

    @Option(names = "--name", paramLabel = "TEXT", description = "What the person is called.")
    private String name = "";

    Add(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Member added =
          services.tenancy().members().add(LocalTenants.actor(), org, email, name, Role.of(role));
      return told(
          Views.member(added), "members.added", added.email(), added.role().label(), org.name());
    }
  }

  /** {@code members role}. */
  @Command(name = "role", description = "Give a member another role.")
  static final class Change extends TenantVerb {
    @Parameters(index = "0", paramLabel = "EMAIL", description = "The member's address.")
    private String email = "";

    @Parameters(
        index = "1",
        paramLabel = "ROLE",
        description = "owner, admin, billing, developer, auditor or user.")
    private String role = "";

    Change(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Member changed =
          services
              .tenancy()
              .members()
              .change(LocalTenants.actor(), org, email, Role.of(role), ExpectedVersion.ANY);
      return told(
          Views.member(changed),
          "members.added",
          changed.email(),
          changed.role().label(),
          org.name());
    }
  }

  /** {@code members remove}. */
  @Command(
      name = "remove",
      aliases = "rm",
      description = "End a membership; the person's keys are refused from then on.")
  static final class Remove extends TenantVerb {
    @Parameters(paramLabel = "EMAIL", description = "The member's address.")
    private String email = "";

    Remove(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      services.tenancy().members().remove(LocalTenants.actor(), org, email, ExpectedVersion.ANY);
      return told(Map.of("email", email, "removed", true), "members.removed", email, org.name());
    }
  }

  /** {@code members link}. */
  @Command(
      name = "link",
      description = "Print an address that lets a member in once, to set a password.")
  static final class Link extends TenantVerb {
    @Parameters(paramLabel = "EMAIL", description = "The member's address.")
    private String email = "";

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = "Where browsers find the server (where it runs now).")
    private Optional<String> url = Optional.empty();

    Link(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Member member = services.tenancy().members().find(org, email);
      SignInLink link =
          services.identity().links().forMember(LocalTenants.actor(), org, member, true);
      String address = SignInAddress.of(url.orElseGet(this::running), link);
      return new Told(
          Map.of("email", link.email(), "url", address, "expires", link.expires().toString()),
          () -> {
            context.screen().result(address);
            context.screen().note(context.text("members.link", link.email(), link.expires()));
          });
    }

    private String running() {
      return ServerState.find(directory()).map(ServerState::url).orElse("http://127.0.0.1:8460");
    }
  }

  /** {@code members reset-factor}. */
  @Command(
      name = "reset-factor",
      description = "Take the second factor from a member who lost app and recovery codes.")
  static final class ResetFactor extends TenantVerb {
    @Parameters(paramLabel = "EMAIL", description = "The member's address.")
    private String email = "";

    ResetFactor(CliContext context) {
      super(context);
    }

    @Override
    Told run(AdminServices services, Organisation org) {
      Member member = services.tenancy().members().find(org, email);
      services.identity().account().resetFactor(LocalTenants.actor(), org, member);
      return told(Views.member(member), "members.factor", email);
    }
  }
}
