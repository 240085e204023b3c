package io.yuntai.cli.tenants;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Noun;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.server.admin.AdminServices;
import io.yuntai.server.admin.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai keys create|list|rotate|revoke}; each works with and without a running server. */
@Command(
    name = "keys",
    description = "Make, list, rotate and revoke API keys.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai keys create laptop",
      "  yuntai keys create ci --tenant acme --budget 1/day --expires 90d",
      "  yuntai keys list --tenant acme",
      "  yuntai keys rotate ID --overlap 2d",
      "  yuntai keys revoke ID"
    })
public final class KeysCommand extends Noun {
  private KeysCommand(CliContext context) {
    super(context);
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    return tree(
        new KeysCommand(context),
        new CreateKey(context),
        new ListAll(context),
        new Rotate(context),
        new Revoke(context));
  }

  /** A key of any tenant: whoever owns the home may see all. */
  static ApiKey find(AdminServices services, String id) {
    return services
        .keys()
        .find(id)
        .orElseThrow(() ->
            new CommandException(
                ExitCode.NOT_FOUND,
                "There is no key '" + id + "': 'yuntai keys list' shows the ids."));
  }

  /** Prints a key that was just made. */
  static void show(CliContext context, CreatedKey key, ApiKey made, boolean json) {
    if (json) {
      context.screen().result(Json.text(Views.key(made, Instant.now()).put("key", key.key())));
    } else {
      context.screen().result(key.key());
      context.screen().note(context.text("keys.created", key.name(), key.id()));
    }
  }

  /** {@code keys list}. */
  @Command(name = "list", aliases = "ls", description = "List keys, without their secrets.")
  static final class ListAll implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only those of this tenant.")
    private @Nullable String tenant;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListAll(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      List<ApiKey> keys = LocalTenants.with(context, home, this::keys);
      Instant now = Instant.now();
      if (json) {
        context.screen().result(Json.text(keys.stream().map(key -> Views.key(key, now)).toList()));
      } else if (keys.isEmpty()) {
        context.screen().note(context.text("keys.none"));
      } else {
        Table table =
            new Table(
                context.screen(),
                "ID",
                "NAME",
                "TENANT",
                "PROJECT",
                "STATE",
                "CREATED",
                "EXPIRES",
                "LAST USED");
        keys.forEach(key ->
            table.row(
                key.id(),
                key.name(),
                key.owner().organisation(),
                key.owner().project(),
                Views.state(key, now),
                Times.minute(key.created()),
                Times.minute(key.expires()),
                Times.minute(key.lastUsed())));
        table.print();
      }
      return ExitCode.OK.number();
    }

    private List<ApiKey> keys(AdminServices services) {
      if (tenant == null) {
        return services.keys().list();
      }
      Organisation org = services.tenancy().organisations().find(tenant);
      return LocalTenants.all(page -> services.keys().list(org.id(), page)).reversed();
    }
  }

  /** {@code keys rotate}. */
  @Command(
      name = "rotate",
      description =
          "Make another key in the place of one: with the same owner, limits and budgets."
              + " The old one works on for a while, so that it can be replaced wherever it is used.",
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai keys rotate ID", "  yuntai keys rotate ID --overlap 0h"})
  static final class Rotate implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The key's id, as 'keys list' shows it.")
    private String id = "";

    @Option(
        names = "--overlap",
        paramLabel = "LENGTH",
        defaultValue = "1d",
        description = "How long the old key works on: 12h, 2d, 1w (default: ${DEFAULT-VALUE}).")
    private String overlap = "";

    @Option(names = "--json", description = "Print the new key as the admin API answers it.")
    private boolean json;

    Rotate(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Duration length = Times.length("--overlap", overlap);
      LocalTenants.with(
          context,
          home,
          services -> {
            ApiKey old = find(services, id);
            CreatedKey made =
                services.keys().rotate(LocalTenants.actor(), old.owner().orgId(), id, length);
            show(context, made, find(services, made.id()), json);
            return made;
          });
      return ExitCode.OK.number();
    }
  }

  /** {@code keys revoke}. */
  @Command(name = "revoke", description = "Refuse a key from now on, for ever.")
  static final class Revoke implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The key's id, as 'keys list' shows it.")
    private String id = "";

    @Option(names = "--json", description = "Print {\"id\",\"revoked\"}.")
    private boolean json;

    Revoke(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      LocalTenants.with(
          context,
          home,
          services -> {
            long orgId = find(services, id).owner().orgId();
            return services.keys().revoke(LocalTenants.actor(), orgId, id, ExpectedVersion.ANY);
          });
      context
          .screen()
          .result(
              json
                  ? Json.text(Map.of("id", id, "revoked", true))
                  : context.text("keys.revoked", id));
      return ExitCode.OK.number();
    }
  }
}
