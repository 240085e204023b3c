package io.yuntai.cli.connect;

import io.yuntai.cli.command.LocalKeys;
import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.ledger.keys.CreatedKey;
import io.yuntai.server.ServerState;
import io.yuntai.server.clients.Client;
import io.yuntai.server.clients.Clients;
import io.yuntai.server.clients.Endpoint;
import io.yuntai.server.clients.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code yuntai connect}. */
@Command(
    name = "connect",
    description = {
      "Point a client that you use already at the server: print its settings, write them into files",
      "of their own, prove them with a real question. Without CLIENT: list the clients."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai connect",
      "  yuntai connect claude-code --write --test",
      "  yuntai connect openai-python --model qwen2.5-coder:0.5b",
      "  yuntai connect codex --url https://ai.example.com --key yt-... --write",
      "  yuntai connect codex --remove"
    })
public final class ConnectCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Parameters(arity = "0..1", paramLabel = "CLIENT", description = "Such as claude-code.")
  private @Nullable String client;

  @Option(names = "--model", paramLabel = "MODEL", description = "Which model it is to ask.")
  private @Nullable String model;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Of a server elsewhere (default: the one that runs here).")
  private @Nullable String url;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The API key it is to use (default with --write: a new one, named for it).")
  private @Nullable String key;

  @Option(names = "--write", description = "Write the settings' files, with a key.")
  private boolean write;

  @Option(names = "--test", description = "Ask a short question as the client would.")
  private boolean test;

  @Option(names = "--remove", description = "Delete the files again, and revoke the key made.")
  private boolean remove;

  @Option(names = "--json", description = "Print one JSON value.")
  private boolean json;

  /** With this screen and environment. */
  public ConnectCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (client == null) {
      list();
      return ExitCode.OK.number();
    }
    Client found =
        Clients.find(client)
            .orElseThrow(() ->
                new CommandException(
                    ExitCode.NOT_FOUND,
                    "There is no client '" + client + "' here: 'yuntai connect' lists them."));
    if (remove) {
      remove(found);
    } else {
      connect(found);
    }
    return ExitCode.OK.number();
  }

  private void list() {
    if (json) {
      context
          .screen()
          .result(
              Json.text(
                  Clients.all().stream()
                      .map(each -> Map.of("client", each.id(), "title", each.title()))
                      .toList()));
      return;
    }
    Table table = new Table(context.screen(), "CLIENT", "NAME", "API");
    Clients.all().forEach(each -> table.row(each.id(), each.title(), each.api().title()));
    table.print();
    context.screen().note(context.text("connect.next"));
  }

  private void connect(Client found) throws InterruptedException {
    Optional<ServerState> running =
        ServerState.find(home.directory(context.environment())).filter(_ -> url == null);
    Endpoint shown = endpoint(running);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("client", found.id());
    report.put("api", found.api().title());
    report.put("url", shown.url());
    report.put("model", shown.model());

    Endpoint used = shown;
    if (write) {
      if (shown.key().equals(Endpoint.KEY_PLACEHOLDER)) {
        CreatedKey created = createKey(found);
        report.put("key_id", created.id());
        used = new Endpoint(shown.url(), created.key(), shown.model());
      }
      List<Path> files = SettingsFiles.write(found.settings().of(used, folders()));
      report.put("written", files.stream().map(Path::toString).toList());
    }
    List<Setting> settings = found.settings().of(shown, folders());
    report.put("settings", settings.stream().map(ConnectCommand::fields).toList());
    report.put("use", found.use());
    if (!json) {
      show(found, settings, report);
    }
    if (test) {
      ProvingCall.Proof proof = new ProvingCall(found.api(), asking(used, running)).ask();
      report.put("test", Map.of("text", proof.text(), "first_seconds", proof.firstNanos() / 1e9));
      if (!json) {
        proved(found, proof);
      }
    }
    if (json) {
      context.screen().result(Json.text(report));
    }
  }

  private Endpoint endpoint(Optional<ServerState> running) {
    String given = key != null ? key : context.environment().getOrDefault("YUNTAI_API_KEY", "");
    String known = given.isEmpty() ? Endpoint.KEY_PLACEHOLDER : given;
    if (url != null) {
      String base = url.replaceFirst("/+$", "").replaceFirst("/v1$", "");
      if (!base.matches("https?://[^\\s'\"]+")) {
        throw new CommandException(
            ExitCode.USAGE, "--url '" + url + "' is no address such as https://ai.example.com.");
      }
      if (model == null) {
        throw new CommandException(ExitCode.USAGE, "Say with --model what it is to ask there.");
      }
      if ((write || test) && given.isEmpty()) {
        throw new CommandException(
            ExitCode.USAGE, "Keys of " + base + " are made there: give one with --key.");
      }
      return new Endpoint(base, known, model);
    }
    ServerState server =
        running.orElseThrow(() ->
            new CommandException(
                ExitCode.UNREACHABLE,
                "No server runs here. 'yuntai up --detach' starts one; --url names one"
                    + " elsewhere."));
    return new Endpoint(server.url(), known, model(server));
  }

  private String model(ServerState server) {
    List<String> chatting =
        server.models().stream()
            .filter(each -> each.kind().equals("chat"))
            .map(ServerState.ServedModel::name)
            .toList();
    if (model != null) {
      return model;
    }
    if (chatting.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "The server at " + server.url() + " serves no model to chat with.");
    }
    return chatting.getFirst();
  }

  private Client.Folders folders() {
    String userHome = context.environment().getOrDefault("HOME", "");
    return new Client.Folders(
        Path.of(userHome.isEmpty() ? System.getProperty("user.home") : userHome),
        Path.of("").toAbsolutePath());
  }

  private static String keyName(Client client) {
    return "connect " + client.id();
  }

  private CreatedKey createKey(Client found) {
    return LocalKeys.with(
        home.directory(context.environment()),
        context.environment(),
        keys -> keys.create(keyName(found), null));
  }

  /** This machine's own server answers its commands without a key of theirs. */
  private static Endpoint asking(Endpoint used, Optional<ServerState> running) {
    return used.key().equals(Endpoint.KEY_PLACEHOLDER)
        ? new Endpoint(used.url(), running.orElseThrow().operatorToken(), used.model())
        : used;
  }

  private static Map<String, String> fields(Setting setting) {
    Map<String, String> fields = new LinkedHashMap<>();
    SettingsFiles.of(setting).ifPresent(file -> fields.put("file", file.toString()));
    if (setting instanceof Setting.Sample sample) {
      fields.put("sample", sample.name());
    }
    fields.put("text", SettingsFiles.text(setting));
    return fields;
  }

  private void show(Client found, List<Setting> settings, Map<String, Object> report) {
    Screen screen = context.screen();
    screen.result(
        screen.resultStyle().strong(found.title())
            + screen.resultStyle().faint("  " + found.api().title()));
    for (Setting setting : settings) {
      screen.result("");
      screen.result(
          screen
              .resultStyle()
              .faint(
                  "# "
                      + (setting instanceof Setting.Sample sample
                          ? sample.name()
                          : SettingsFiles.of(setting).orElseThrow().toString())));
      screen.result(SettingsFiles.text(setting).stripTrailing());
    }
    screen.result("");
    screen.result(found.use());
    if (write) {
      screen.note(
          context.text(
              "connect.written",
              settings.stream()
                  .flatMap(setting -> SettingsFiles.of(setting).stream())
                  .map(Path::toString)
                  .collect(Collectors.joining(", "))));
      if (report.get("key_id") instanceof String id) {
        screen.note(context.text("connect.key", keyName(found), id));
      }
    } else {
      screen.note(context.text("connect.hint", found.id()));
    }
  }

  private void proved(Client found, ProvingCall.Proof proof) {
    context
        .screen()
        .result(
            context.screen().resultStyle().ok("✓ ")
                + context.text(
                    "connect.proved",
                    found.api().title(),
                    String.format(Locale.ROOT, "%.2f", proof.firstNanos() / 1e9),
                    proof.text().replace('\n', ' ')));
  }

  private void remove(Client found) {
    Endpoint nowhere = new Endpoint("", "", "");
    List<Path> deleted = SettingsFiles.delete(found.settings().of(nowhere, folders()));
    long revoked =
        LocalKeys.with(
            home.directory(context.environment()),
            context.environment(),
            keys ->
                keys.list().stream()
                    .filter(each -> each.name().equals(keyName(found)) && each.revoked() == null)
                    .filter(each -> keys.revoke(each.id()))
                    .count());
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("client", found.id());
      fields.put("deleted", deleted.stream().map(Path::toString).toList());
      fields.put("revoked", revoked);
      context.screen().result(Json.text(fields));
    } else {
      context.screen().result(context.text("connect.removed", deleted.size(), revoked));
    }
  }
}
