package io.yuntai.cli.doctor;

import io.yuntai.cli.models.HomeOption;
import io.yuntai.cli.models.KvCacheOption;
import io.yuntai.cli.models.LocalModels;
import io.yuntai.cli.models.MemoryOption;
import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Json;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Style;
import io.yuntai.engine.LoadOptions;
import io.yuntai.server.HomeDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code yuntai doctor}. */
@Command(
    name = "doctor",
    description =
        "Look at what Yuntai needs, and say what to do where something is missing. Exits with 8 on problems.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai doctor",
      "  yuntai doctor --model qwen2.5-coder:0.5b --context 32768    the memory that it will take",
      "  yuntai doctor --json"
    })
public final class DoctorCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private final HomeOption home = new HomeOption();

  @Option(
      names = "--port",
      defaultValue = "8460",
      description = "The port that the server is to use (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "A model that is here: foretell the memory it takes.")
  private @Nullable String model;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "0",
      description =
          "For --model: tokens of one conversation (default: the model's own limit, at most 4096).")
  private int contextTokens;

  @Mixin private final KvCacheOption kvCache = new KvCacheOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Option(
      names = "--json",
      description = "Print {\"findings\":[{\"subject\",\"level\",\"text\",\"advice\"}]}.")
  private boolean json;

  /** With this screen and environment. */
  public DoctorCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Finding> findings = look(home.directory(context.environment()));
    if (json) {
      context
          .screen()
          .result(
              Json.text(Map.of("findings", findings.stream().map(DoctorCommand::fields).toList())));
    } else {
      findings.forEach(this::print);
    }
    long problems = findings.stream().filter(f -> f.level() == Finding.Level.PROBLEM).count();
    if (!json) {
      context
          .screen()
          .note(context.text(problems == 0 ? "doctor.well" : "doctor.problems", problems));
    }
    return problems == 0 ? ExitCode.OK.number() : ExitCode.FAULTS_FOUND.number();
  }

  private List<Finding> look(HomeDirectory directory) throws InterruptedException {
    context.screen().progress(context.text("doctor.looking"));
    try {
      List<Finding> findings = new ArrayList<>();
      findings.add(MachineChecks.jdk());
      findings.add(MachineChecks.cpu());
      findings.add(MachineChecks.kernel(context.environment()));
      findings.add(MachineChecks.memory());
      if (model != null) {
        findings.add(
            ModelMemory.look(
                modelFile(directory, model), loadOptions().keepingPacked(directory.path())));
      }
      findings.addAll(AdapterChecks.look(directory));
      findings.add(MachineChecks.disk(directory));
      findings.add(ServiceChecks.port(directory, port));
      findings.add(ServiceChecks.database(directory, context.environment()));
      findings.addAll(ServiceChecks.sourcesAndClock(context.environment()));
      return findings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path modelFile(HomeDirectory directory, String name) {
    LocalModels models = new LocalModels(context, directory);
    return models
        .store()
        .find(models.reference(name))
        .orElseThrow(() ->
            new CommandException(
                ExitCode.NOT_FOUND,
                "The model '%s' is not here; 'yuntai pull %s' fetches it.".formatted(name, name)))
        .file();
  }

  private LoadOptions loadOptions() {
    if (contextTokens < 0) {
      throw new CommandException(ExitCode.USAGE, "--context must be at least 0.");
    }
    return new LoadOptions(contextTokens, 0, kvCache.format(), 0)
        .withMemory(memory.bytes())
        .slidingWindows();
  }

  private static Map<String, String> fields(Finding finding) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("subject", finding.subject());
    fields.put("level", finding.level().name().toLowerCase(Locale.ROOT));
    fields.put("text", finding.text());
    fields.put("advice", finding.advice());
    return fields;
  }

  private void print(Finding finding) {
    Screen screen = context.screen();
    Style style = screen.resultStyle();
    String mark =
        switch (finding.level()) {
          case OK -> style.ok("✓ ok     ");
          case WARNING -> style.warning("! warning");
          case PROBLEM -> style.problem("✗ problem");
        };
    screen.result(mark + "  " + "%-9s".formatted(finding.subject()) + " " + finding.text());
    if (!finding.advice().isEmpty()) {
      screen.result(" ".repeat(22) + "→ " + finding.advice());
    }
  }
}
