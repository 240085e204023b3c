package io.yuntai.cli.command;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.keys.ApiKey;
import io.yuntai.ledger.keys.ApiKeys;
import io.yuntai.ledger.keys.CreatedKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai keys create|list|revoke}; each works with and without a running server. */
@Command(
    name = "keys",
    description = "Make, list and revoke API keys.",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai keys create laptop",
      "  yuntai keys create ci --expires 90d --json",
      "  yuntai keys list",
      "  yuntai keys revoke ID"
    })
public final class KeysCommand implements Callable<Integer> {
  private final CliContext context;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private KeysCommand(CliContext context) {
    this.context = context;
  }

  /** The noun with its verbs. */
  public static CommandLine tree(CliContext context) {
    CommandLine keys = new CommandLine(new KeysCommand(context));
    keys.addSubcommand("create", new Create(context));
    keys.addSubcommand("list", new ListAll(context));
    keys.addSubcommand("revoke", new Revoke(context));
    return keys;
  }

  @Override
  public Integer call() {
    java.util.Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
    return ExitCode.OK.number();
  }

  /** {@code keys create}. */
  @Command(
      name = "create",
      description = "Make a key and print it. It is shown this once: only its hash is kept.",
      footerHeading = "%nExamples:%n",
      footer = {"  yuntai keys create laptop", "  yuntai keys create ci --expires 90d --json"})
  static final class Create implements Callable<Integer> {
    private final CliContext context;

    @Mixin private final HomeOption home = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "What you call it.")
    private String name = "";

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        description = "Refuse it from then on: after 12h, 90d, 8w, or at 2027-01-31T00:00:00Z.")
    private @Nullable String expires;

    @Option(names = "--json", description = "Print {\"id\",\"name\",\"key\"}.")
    private boolean json;

    Create(CliContext context) {
      this.context = context;
    }

    @Override
    public Integer call() {
      Instant until = expires == null ? null : Expiry.parse(expires, Instant.now());
      CreatedKey key =
          LocalKeys.with(
              home.directory(context.environment()),
              context.environment(),
              keys -> {
                try {
                  return keys.create(name, until);
                } catch (IllegalArgumentException e) {
                  throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
                }
              });
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", key.id());
        fields.put("name", key.name());
        fields.put("key", key.key());
        context.screen().result(Json.text(fields));
      } else {
        context.screen().result(key.key());
        context.screen().note(context.text("keys.created", key.name(), key.id()));
      }
      return ExitCode.OK.number();
    }
  }

  /** {@code keys list}. */
  @Command(name = "list", aliases = "ls", description = "List all keys, without their secrets.")
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
      List<ApiKey> keys =
          LocalKeys.with(
              home.directory(context.environment()), context.environment(), ApiKeys::list);
      if (json) {
        context.screen().result(Json.text(keys.stream().map(ListAll::fields).toList()));
      } else if (keys.isEmpty()) {
        context.screen().note(context.text("keys.none"));
      } else {
        Table table =
            new Table(context.screen(), "ID", "NAME", "STATE", "CREATED", "EXPIRES", "LAST USED");
        keys.forEach(key ->
            table.row(
                key.id(),
                key.name(),
                state(key),
                minute(key.created()),
                minute(key.expires()),
                minute(key.lastUsed())));
        table.print();
      }
      return ExitCode.OK.number();
    }

    private static Map<String, @Nullable Object> fields(ApiKey key) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("id", key.id());
      fields.put("name", key.name());
      fields.put("prefix", key.prefix());
      fields.put("state", state(key));
      fields.put("created", text(key.created()));
      fields.put("expires", text(key.expires()));
      fields.put("revoked", text(key.revoked()));
      fields.put("last_used", text(key.lastUsed()));
      return fields;
    }

    private static String state(ApiKey key) {
      Instant expires = key.expires();
      return key.revoked() != null
          ? "revoked"
          : expires != null && !Instant.now().isBefore(expires) ? "expired" : "valid";
    }

    private static @Nullable String text(@Nullable Instant time) {
      return time == null ? null : time.toString();
    }

    private static String minute(@Nullable Instant time) {
      return time == null
          ? "-"
          : time.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ').replace(":00Z", "");
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
      boolean known =
          LocalKeys.with(
              home.directory(context.environment()),
              context.environment(),
              keys -> keys.revoke(id));
      if (!known) {
        throw new CommandException(
            ExitCode.NOT_FOUND, "There is no key '" + id + "': 'yuntai keys list' shows the ids.");
      }
      context
          .screen()
          .result(
              json
                  ? Json.text(Map.of("id", id, "revoked", true))
                  : context.text("keys.revoked", id));
      return ExitCode.OK.number();
    }
  }

  /** When a key ends, as people write it. */
  static final class Expiry {
    private Expiry() {}

    static Instant parse(String text, Instant now) {
      try {
        if (text.matches("[1-9][0-9]{0,5}[hdw]")) {
          long count = Long.parseLong(text.substring(0, text.length() - 1));
          long hours =
              switch (text.charAt(text.length() - 1)) {
                case 'h' -> count;
                case 'd' -> count * 24;
                default -> count * 24 * 7;
              };
          return now.plus(hours, ChronoUnit.HOURS);
        }
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new CommandException(
            ExitCode.USAGE,
            "--expires '" + text + "' is no time: write 12h, 90d, 8w or 2027-01-31T00:00:00Z.",
            e);
      }
    }
  }
}
