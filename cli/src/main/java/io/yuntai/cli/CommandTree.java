package io.yuntai.cli;

import io.yuntai.cli.adapter.AdaptersCommand;
import io.yuntai.cli.backup.BackupCommand;
import io.yuntai.cli.backup.RestoreCommand;
import io.yuntai.cli.bench.BenchCommand;
import io.yuntai.cli.chat.RunCommand;
import io.yuntai.cli.command.DownCommand;
import io.yuntai.cli.command.ModelsCommand;
import io.yuntai.cli.command.PullCommand;
import io.yuntai.cli.command.RmCommand;
import io.yuntai.cli.command.ShowCommand;
import io.yuntai.cli.command.StatusCommand;
import io.yuntai.cli.command.UpCommand;
import io.yuntai.cli.command.VersionCommand;
import io.yuntai.cli.config.ConfigCommand;
import io.yuntai.cli.config.SettingSources;
import io.yuntai.cli.connect.ConnectCommand;
import io.yuntai.cli.doctor.DoctorCommand;
import io.yuntai.cli.embed.EmbedCommand;
import io.yuntai.cli.inspect.ModelCommand;
import io.yuntai.cli.ledger.LedgerCommand;
import io.yuntai.cli.money.CommitmentsCommand;
import io.yuntai.cli.money.InvoicesCommand;
import io.yuntai.cli.money.PricesCommand;
import io.yuntai.cli.money.RevenueCommand;
import io.yuntai.cli.plan.PlanCommand;
import io.yuntai.cli.rehearsal.RehearseCommand;
import io.yuntai.cli.routes.RoutesCommand;
import io.yuntai.cli.schema.SchemaCommand;
import io.yuntai.cli.tenants.AccountsCommand;
import io.yuntai.cli.tenants.AuditCommand;
import io.yuntai.cli.tenants.BudgetsCommand;
import io.yuntai.cli.tenants.ConsoleCommand;
import io.yuntai.cli.tenants.KeysCommand;
import io.yuntai.cli.tenants.MembersCommand;
import io.yuntai.cli.tenants.ProjectsCommand;
import io.yuntai.cli.tenants.RequestsCommand;
import io.yuntai.cli.tenants.TenantsCommand;
import io.yuntai.cli.tenants.UsageCommand;
import io.yuntai.cli.terminal.CliContext;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** All commands, wired: daily verbs first, then nouns with their verbs, then what looks inside. */
@Command(
    name = "yuntai",
    synopsisHeading = "",
    customSynopsis = "Usage: yuntai COMMAND [OPTIONS] [ARGUMENTS]",
    header = {"云台 Yuntai, an AI cloud you own.", ""},
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  yuntai up                                       start the server with a small model",
      "  yuntai run qwen2.5-coder:0.5b                   chat in the terminal",
      "  yuntai run smollm2:135m \"Hello\"                 one answer",
      "",
      "'yuntai COMMAND --help' explains a command with examples. Options can also come from the",
      "environment: YUNTAI_HOME, YUNTAI_HOST, YUNTAI_PORT, YUNTAI_KERNEL, YUNTAI_KV_CACHE, YUNTAI_PREFIX_CACHE,",
      "YUNTAI_CONFIG; YUNTAI_LANG=zh speaks Chinese. 'yuntai config' shows where each one comes from."
    })
final class CommandTree implements Runnable {
  /** Commands that look at others or call them. */
  private static final Set<String> KNOWING_OTHERS = Set.of("help", "rehearse");

  private final CliContext context;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Explain the command.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  private CommandTree(CliContext context) {
    this.context = context;
  }

  /** The command line as the user meets it. */
  static CommandLine of(CliContext context) {
    return of(context, commands(context), new String[0]);
  }

  /**
   * The same for these arguments: where they name a command, it is the only one, since looking at
   * all of them takes a start 0.05 s.
   */
  static CommandLine of(CliContext context, String[] arguments) {
    Map<String, Supplier<Object>> commands = commands(context);
    String name = arguments.length == 0 ? "" : arguments[0];
    if (commands.containsKey(name) && !KNOWING_OTHERS.contains(name)) {
      commands.keySet().retainAll(Set.of(name));
    }
    return of(context, commands, arguments);
  }

  private static Map<String, Supplier<Object>> commands(CliContext context) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("up", () -> new UpCommand(context));
    commands.put("down", () -> new DownCommand(context));
    commands.put("status", () -> new StatusCommand(context));
    commands.put("run", () -> new RunCommand(context));
    commands.put("embed", () -> new EmbedCommand(context));
    commands.put("pull", () -> new PullCommand(context));
    commands.put("models", () -> new ModelsCommand(context));
    commands.put("show", () -> new ShowCommand(context));
    commands.put("rm", () -> new RmCommand(context));
    commands.put("adapters", () -> AdaptersCommand.tree(context));
    commands.put("console", () -> new ConsoleCommand(context));
    commands.put("keys", () -> KeysCommand.tree(context));
    commands.put("ledger", () -> LedgerCommand.tree(context));
    commands.put("tenants", () -> TenantsCommand.tree(context));
    commands.put("members", () -> MembersCommand.tree(context));
    commands.put("projects", () -> ProjectsCommand.tree(context));
    commands.put("service-accounts", () -> AccountsCommand.tree(context));
    commands.put("budgets", () -> BudgetsCommand.tree(context));
    commands.put("usage", () -> UsageCommand.tree(context));
    commands.put("requests", () -> RequestsCommand.tree(context));
    commands.put("audit", () -> new AuditCommand(context));
    commands.put("prices", () -> PricesCommand.tree(context));
    commands.put("invoices", () -> InvoicesCommand.tree(context));
    commands.put("plan", () -> PlanCommand.tree(context));
    commands.put("commitments", () -> CommitmentsCommand.tree(context));
    commands.put("revenue", () -> new RevenueCommand(context));
    commands.put("backup", () -> new BackupCommand(context));
    commands.put("restore", () -> new RestoreCommand(context));
    commands.put("routes", () -> RoutesCommand.tree(context));
    commands.put("config", () -> ConfigCommand.tree(context));
    commands.put("connect", () -> new ConnectCommand(context));
    commands.put("model", () -> ModelCommand.tree(context));
    commands.put("schema", () -> SchemaCommand.tree(context));
    commands.put("bench", () -> new BenchCommand(context));
    commands.put("doctor", () -> new DoctorCommand(context));
    commands.put("version", () -> new VersionCommand(context));
    commands.put("help", () -> new HelpCommand(context));
    commands.put("rehearse", () -> new RehearseCommand(context));
    return commands;
  }

  private static CommandLine of(
      CliContext context, Map<String, Supplier<Object>> commands, String[] arguments) {
    CommandLine tree = new CommandLine(new CommandTree(context));
    commands.forEach((name, command) -> tree.addSubcommand(name, command.get()));

    boolean coloured =
        context.screen().stdoutIsTerminal() && !context.environment().containsKey("NO_COLOR");
    tree.setColorScheme(CommandLine.Help.defaultColorScheme(coloured ? Ansi.ON : Ansi.OFF));
    tree.setOut(new PrintWriter(context.screen().out(), true, StandardCharsets.UTF_8));
    tree.setErr(new PrintWriter(context.screen().err(), true, StandardCharsets.UTF_8));
    tree.setUsageHelpAutoWidth(false);
    tree.setUsageHelpWidth(100);
    tree.setDefaultValueProvider(new SettingSources(context.environment(), arguments));
    tree.setParameterExceptionHandler(new UsageErrors(context.screen()));
    tree.setExecutionExceptionHandler(new Failures(context));
    return tree;
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(context.screen().out());
  }
}
