package io.yuntai.cli.plan;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.CommandException;
import io.yuntai.cli.terminal.ExitCode;
import io.yuntai.cli.terminal.Screen;
import io.yuntai.planner.capacity.Accelerator;
import io.yuntai.planner.capacity.Accelerator.Precision;
import io.yuntai.planner.capacity.Efficiency;
import io.yuntai.planner.capacity.Load;
import io.yuntai.planner.capacity.RequestClass;
import io.yuntai.planner.capacity.Roofline;
import io.yuntai.planner.capacity.ServedModel;
import io.yuntai.planner.capacity.Sizing;
import io.yuntai.planner.facts.Facts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code yuntai plan size}. */
@Command(
    name = "size",
    description = {
      "Say how many accelerators a load takes: what fits into memory, what a replica does, bursts,",
      "waiting, and the loss of a site. Rates are by the hardware's limits and what serving reaches of",
      "them ('yuntai plan facts serving'), until your own are measured."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  yuntai plan size --model deepseek-v3 --chip h200 --requests 20",
      "  yuntai plan size --model qwen3-32b --chip h20 --requests 50 --input 4000 --cached 60 --sites 3",
      "  yuntai plan size --model llama-70b --chip h100 --requests 5 --set 'serving.decode.mbu=0.5 1'"
    })
final class SizeCommand extends PlanVerb<Sizing> {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "The model; 'yuntai plan facts model' lists them.")
  private String model = "";

  @Option(
      names = "--chip",
      paramLabel = "CHIP",
      required = true,
      description = "The accelerator; 'yuntai plan facts chip' lists them.")
  private String chip = "";

  @Option(
      names = "--requests",
      paramLabel = "RATE",
      required = true,
      description = "Requests a second, mean of the busiest hour.")
  private double requests;

  @Option(
      names = "--input",
      paramLabel = "TOKENS",
      description = "Tokens of a prompt (default: 2000).")
  private double input = 2000;

  @Option(
      names = "--cached",
      paramLabel = "PERCENT",
      description = "Of these found in a cache (default: 0).")
  private double cachedPercent;

  @Option(
      names = "--output",
      paramLabel = "TOKENS",
      description = "Tokens of an answer (default: 500).")
  private double output = 500;

  @Option(
      names = "--ms-per-token",
      paramLabel = "MS",
      description = "The slowest that answers may come (default: 50).")
  private double millisPerToken = 50;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = "Of weights: bf16, fp8 or int4 (default: fp8).")
  private String precision = "fp8";

  @Option(
      names = "--waiting",
      paramLabel = "PERCENT",
      description = "Requests that may wait for a place (default: 5).")
  private double waitingPercent = 5;

  @Option(
      names = "--sites",
      paramLabel = "N",
      description = "Sites; with two and more, any one may be lost (default: 1).")
  private int sites = 1;

  SizeCommand(CliContext context) {
    super(context);
  }

  @Override
  Sizing answer(Facts known) {
    Precision format = precision();
    RequestClass kind = new RequestClass(input, cachedPercent / 100, output, millisPerToken / 1000);
    Load load =
        new Load(
            requests,
            known.get("serving.burst").in("1"),
            waitingPercent / 100,
            sites,
            known.get("serving.availability").in("1"));
    return Sizing.least(
        load,
        kind,
        Roofline.replicas(
            Accelerator.of(known, chip, format),
            ServedModel.of(known, model, format),
            kind,
            Efficiency.of(known)));
  }

  private Precision precision() {
    for (Precision format : Precision.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(precision)) {
        return format;
      }
    }
    throw new CommandException(
        ExitCode.USAGE, "--precision is bf16, fp8 or int4, not '%s'.".formatted(precision));
  }

  @Override
  Map<String, Object> fields(Sizing sizing) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("accelerators", sizing.accelerators());
    fields.put("replicas", sizing.replicas());
    fields.put("accelerators_per_replica", sizing.rate().accelerators());
    fields.put("sequences_per_replica", sizing.rate().sequences());
    fields.put("prefill_tokens_per_second", sizing.rate().prefillTokensPerSecond());
    fields.put("decode_tokens_per_second", sizing.rate().decodeTokensPerSecond());
    fields.put("busy_replicas", sizing.busyReplicas());
    fields.put("burst_replicas", sizing.burstReplicas());
    fields.put("queue_replicas", sizing.queueReplicas());
    fields.put("source", sizing.rate().source());
    return fields;
  }

  @Override
  void print(Sizing sizing) {
    Screen screen = context.screen();
    screen.result(
        context.text(
            "plan.size.answer",
            Numbers.grouped(sizing.accelerators(), 0),
            chip,
            Numbers.grouped(sizing.replicas(), 0),
            sizing.rate().accelerators()));
    screen.result("");
    line(
        "plan.size.replica",
        Numbers.grouped(sizing.rate().prefillTokensPerSecond(), 0),
        Numbers.grouped(sizing.rate().decodeTokensPerSecond(), 0),
        Numbers.grouped(sizing.rate().sequences(), 0));
    line("plan.size.busy", Numbers.grouped(sizing.busyReplicas(), 2));
    line("plan.size.burst", Numbers.grouped(sizing.burstReplicas(), 2));
    line(
        "plan.size.queue",
        Numbers.grouped(sizing.queueReplicas(), 2),
        Numbers.plain(waitingPercent));
    line(sites == 1 ? "plan.size.one-site" : "plan.size.sites", sites);
    line("plan.size.roofline");
  }

  private void line(String key, Object... values) {
    context.screen().result("  " + context.text(key, values));
  }
}
