package io.yuntai.cli.routes;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Table;
import io.yuntai.server.HomeDirectory;
import io.yuntai.server.routes.Price;
import io.yuntai.server.routes.Route;
import io.yuntai.server.routes.RouteTable;
import io.yuntai.server.routes.RoutesFile;
import io.yuntai.server.routes.RoutesFileException;
import io.yuntai.server.routes.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code yuntai routes}. */
@Command(
    name = "routes",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Where requests go whose model's name is a route's: list, check, try, read again.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai routes list",
      "  yuntai routes check --config yuntai.toml",
      "  yuntai routes test smart",
      "  yuntai routes reload"
    })
public final class RoutesCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** The command and its verbs. */
  public static CommandLine tree(CliContext context) {
    return new CommandLine(new RoutesCommand())
        .addSubcommand("list", new ListRoutes(context))
        .addSubcommand("check", new Check(context))
        .addSubcommand("test", new RouteTest(context))
        .addSubcommand("reload", new Reload(context));
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getOut());
  }

  /** What the verbs have in common. */
  private abstract static class Verb implements Callable<Integer> {
    final CliContext context;

    @Mixin final HomeOption home = new HomeOption();
    @Mixin final ConfigOption config = new ConfigOption();

    Verb(CliContext context) {
      this.context = context;
    }

    HomeDirectory directory() {
      return home.directory(context.environment());
    }

    Path file() {
      HomeDirectory directory = directory();
      return config
          .file(directory)
          .orElseThrow(() ->
              new CommandException(
                  ExitCode.NOT_FOUND,
                  "There is no yuntai.toml here or in %s; docs/routes.md shows one."
                      .formatted(directory.path())));
    }

    RouteTable read(Path file) {
      try {
        return RoutesFile.read(file, context.environment());
      } catch (RoutesFileException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
      }
    }
  }

  @Command(name = "list", description = "List the routes of the configuration file.")
  private static final class ListRoutes extends Verb {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ListRoutes(CliContext context) {
      super(context);
    }

    @Override
    public Integer call() {
      RouteTable table = read(file());
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Route route : new TreeMap<>(table.routes()).values()) {
        for (Target target : route.targets()) {
          rows.add(row(route, target));
        }
      }
      if (json) {
        context.screen().result(Json.text(rows));
        return ExitCode.OK.number();
      }
      Table printed =
          new Table(
                  context.screen(),
                  "ROUTE",
                  "TARGET",
                  "PRIORITY",
                  "WEIGHT",
                  "CONTEXT",
                  "STAYS IN",
                  "PRICE PER MILLION")
              .alignRight(2)
              .alignRight(3)
              .alignRight(4);
      rows.forEach(
          row -> printed.row(row.values().stream().map(String::valueOf).toArray(String[]::new)));
      printed.print();
      return ExitCode.OK.number();
    }

    private static Map<String, Object> row(Route route, Target target) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("route", route.name());
      row.put("target", target.destination().label());
      row.put("priority", target.priority());
      row.put("weight", target.weight());
      row.put(
          "context", target.contextTokens().isPresent() ? target.contextTokens().getAsInt() : "-");
      row.put(
          "residency",
          target.residency().isEmpty()
              ? "-"
              : String.join(" ", target.residency().stream().sorted().toList()));
      row.put("price", target.price().map(ListRoutes::text).orElse("-"));
      return row;
    }

    private static String text(Price price) {
      return "%s %s in, %s cached, %s out"
          .formatted(
              price.currency(),
              price.input().toPlainString(),
              price.cachedInput().toPlainString(),
              price.output().toPlainString());
    }
  }

  @Command(
      name = "check",
      description =
          "Say whether the configuration file can be used, and if not, where it is wrong.")
  private static final class Check extends Verb {
    Check(CliContext context) {
      super(context);
    }

    @Override
    public Integer call() {
      Path file = file();
      RouteTable table = read(file);
      context
          .screen()
          .result(
              context.text("routes.good", file, table.routes().size(), table.upstreams().size()));
      return ExitCode.OK.number();
    }
  }

  @Command(
      name = "reload",
      description =
          "Make a running server read the file, and the keys that it names, again; it reads a changed file by itself.")
  private static final class Reload extends Verb {
    Reload(CliContext context) {
      super(context);
    }

    @Override
    public Integer call() throws IOException {
      Path file = file();
      RouteTable table = read(file);
      // The server looks at the file's time each second.
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      context.screen().result(context.text("routes.reloaded", file, table.routes().size()));
      return ExitCode.OK.number();
    }
  }
}
