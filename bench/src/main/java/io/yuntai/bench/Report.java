package io.yuntai.bench;

import io.yuntai.engine.measure.Machine;
import io.yuntai.engine.measure.Spread;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * All results of a run, as JSON and as Markdown.
 *
 * @param date of the run
 * @param machine where
 * @param threads of either side
 * @param models in the order measured
 */
record Report(LocalDate date, Machine machine, int threads, List<ModelResult> models) {
  /** One object; speeds in tokens per second, one for each repetition. */
  String json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("date", date.toString());
    report.put("machine", machineJson());
    report.put("threads", threads);
    report.put("models", models.stream().map(Report::modelJson).toList());
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report);
  }

  private Map<String, Object> machineJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("processor", machine.processor());
    json.put("cores", machine.cores());
    json.put("system", machine.system());
    json.put("java", machine.java());
    json.put("load_average", machine.loadAverage());
    return json;
  }

  private static Map<String, Object> modelJson(ModelResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", result.model());
    json.put("file", result.fileName());
    json.put("size_bytes", result.sizeBytes());
    json.put("yuntai", result.ourFacts());
    json.put("llama.cpp", result.theirFacts());
    json.put("phases", result.phases().stream().map(Report::phaseJson).toList());
    return json;
  }

  private static Map<String, Object> phaseJson(PhaseResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("phase", result.phase().name());
    switch (result.phase()) {
      case Phase.Prefill _ -> {}
      case Phase.Decode(int promptTokens, _) -> json.put("prompt_tokens", promptTokens);
    }
    json.put("tokens", result.phase().tokens());
    json.put("yuntai_tokens_per_second", result.ours());
    json.put("llama.cpp_tokens_per_second", result.theirs());
    json.put("ratios", result.ratios());
    return json;
  }

  /** A table, and below it what it depends on. */
  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("| Model | Phase | Yuntai, tokens/s | llama.cpp, tokens/s | Yuntai / llama.cpp |");
    lines.add("|---|---|---|---|---|");
    for (ModelResult model : models) {
      for (PhaseResult phase : model.phases()) {
        lines.add(
            "| %s | %s %d | %s | %s | %s |"
                .formatted(
                    model.model(),
                    phase.phase().name(),
                    phase.phase().tokens(),
                    cell(phase.ours(), 1),
                    cell(phase.theirs(), 1),
                    cell(phase.ratios(), 2)));
      }
    }
    lines.add("");
    lines.add("**Median** (least to greatest); the ratio is taken pair by pair.");
    lines.add(conditions());
    for (ModelResult model : models) {
      lines.add(
          "%s: `%s`, %,d bytes; Yuntai kernel %s; llama.cpp %s, %s, flash attention: %s."
              .formatted(
                  model.model(),
                  model.fileName(),
                  model.sizeBytes(),
                  model.ourFacts().get("kernel"),
                  model.theirFacts().get("version"),
                  model.theirFacts().get("kernel"),
                  model.theirFacts().get("flash_attention")));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Machine, threads, repetitions and date, in a sentence. */
  String conditions() {
    int repeats = models.isEmpty() ? 0 : models.getFirst().phases().getFirst().ours().size();
    return "%s; %s, %d cores, %s, JVM %s; %d threads, %d alternating repetitions; load average before: %.1f."
        .formatted(
            date,
            machine.processor(),
            machine.cores(),
            machine.system(),
            machine.java(),
            threads,
            repeats,
            machine.loadAverage());
  }

  private static String cell(List<Double> values, int decimals) {
    Spread spread = Spread.of(values);
    String number = "%." + decimals + "f";
    return String.format(
        Locale.ROOT,
        "**" + number + "** (" + number + " to " + number + ")",
        spread.median(),
        spread.min(),
        spread.max());
  }
}
