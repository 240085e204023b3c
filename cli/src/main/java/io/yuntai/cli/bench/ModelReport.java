package io.yuntai.cli.bench;

import io.yuntai.cli.terminal.Screen;
import io.yuntai.cli.terminal.Table;
import io.yuntai.engine.measure.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How fast a model ran.
 *
 * @param model its name
 * @param kernel the kernel in use
 * @param plan what was measured
 * @param prefill one row for each length of a prompt
 * @param decode one row for each number of streams
 */
record ModelReport(
    String model, String kernel, BenchPlan plan, List<Row> prefill, List<Row> decode) {
  /**
   * One measurement.
   *
   * @param size tokens of the prompt, or streams
   * @param tokensPerSecond over all streams, of each repetition
   */
  record Row(int size, List<Double> tokensPerSecond) {}

  /** The value of {@code --json}; its names are stable. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model);
    json.put("kernel", kernel);
    json.put("threads", plan.threads());
    json.put("prefill", prefill.stream().map(ModelReport::prefillJson).toList());
    json.put("decode", decode.stream().map(this::decodeJson).toList());
    return json;
  }

  private static Map<String, Object> prefillJson(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokens", row.size());
    json.put("tokens_per_second", row.tokensPerSecond());
    return json;
  }

  private Map<String, Object> decodeJson(Row row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("streams", row.size());
    json.put("prompt", plan.decodePromptTokens());
    json.put("generate", plan.generatedTokens());
    json.put("tokens_per_second", row.tokensPerSecond());
    return json;
  }

  void print(Screen screen) {
    Table table =
        new Table(screen, "tokens per second", "min", "median", "max").alignRight(1, 2, 3);
    for (Row row : prefill) {
      table.row(cells("prefill, " + count(row.size(), "token"), row));
    }
    for (Row row : decode) {
      table.row(cells("decode, " + count(row.size(), "stream"), row));
    }
    table.print();
    screen.note(
        "%s, kernel %s, keys and values %s, %s, %s; decode: %d tokens after %d, all streams together"
            .formatted(
                model,
                kernel,
                plan.kvFormat().label(),
                count(plan.threads(), "thread"),
                count(plan.repetitions(), "repetition"),
                plan.generatedTokens(),
                plan.decodePromptTokens()));
  }

  private static String[] cells(String name, Row row) {
    Spread spread = Spread.of(row.tokensPerSecond());
    return new String[] {name, cell(spread.min()), cell(spread.median()), cell(spread.max())};
  }

  private static String cell(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
