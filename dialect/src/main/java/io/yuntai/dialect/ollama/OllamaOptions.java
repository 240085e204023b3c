package io.yuntai.dialect.ollama;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code options}, with Ollama's defaults. */
final class OllamaOptions {
  static final double TEMPERATURE = 0.8;
  static final double TOP_P = 0.9;
  static final int TOP_K = 40;
  private static final int REPEAT_LAST_N = 64;
  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_CHARS = 1024;
  private static final int MAX_TOP_LOGPROBS = 20;

  /** What changes nothing, for those that would change an answer and are not supported. */
  private static final Map<String, Double> NEUTRAL =
      Map.of("typical_p", 1.0, "tfs_z", 1.0, "mirostat", 0.0);

  private OllamaOptions() {}

  static GenerationSettings of(Fields body, AnswerForm form) throws ApiException {
    JsonNode node = body.node("options");
    Fields options =
        Fields.of(node == null ? JsonNodeFactory.instance.objectNode() : node, "options");
    for (Map.Entry<String, Double> neutral : NEUTRAL.entrySet()) {
      JsonNode value = options.node(neutral.getKey());
      if (value != null && !(value.isNumber() && value.doubleValue(-1) == neutral.getValue())) {
        throw Refusals.unsupported(options.pathOf(neutral.getKey()));
      }
    }
    // -1 is without end and -2 to the context's end, which is the same here.
    OptionalInt predict = options.integer("num_predict", -2, Integer.MAX_VALUE);
    boolean logprobs = body.flag("logprobs");
    int top = body.integer("top_logprobs", 0, MAX_TOP_LOGPROBS).orElse(0);
    return new GenerationSettings(
        predict.isPresent() && predict.getAsInt() > 0 ? predict : OptionalInt.empty(),
        options.decimal("temperature", 0, 2).orElse(TEMPERATURE),
        options.decimal("top_p", 0, 1).orElse(TOP_P),
        options.integer("top_k", 0, Integer.MAX_VALUE).orElse(TOP_K),
        options.decimal("min_p", 0, 1).orElse(0),
        options.decimal("presence_penalty", -2, 2).orElse(0),
        options.decimal("frequency_penalty", -2, 2).orElse(0),
        repetition(options),
        Map.of(),
        options.wide("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        stops(options),
        1,
        logprobs ? top : -1,
        Optional.empty(),
        form);
  }

  /** Ollama looks at the last 64 tokens unless it is told otherwise; -1 is for all, 0 for none. */
  private static RepetitionPenalty repetition(Fields options) throws ApiException {
    double factor =
        options
            .decimal("repeat_penalty", RepetitionPenalty.MIN_FACTOR, RepetitionPenalty.MAX_FACTOR)
            .orElse(1);
    int last = options.integer("repeat_last_n", -1, Integer.MAX_VALUE).orElse(REPEAT_LAST_N);
    return factor == 1 || last == 0
        ? RepetitionPenalty.NONE
        : new RepetitionPenalty(factor, Math.max(0, last));
  }

  private static List<String> stops(Fields options) throws ApiException {
    JsonNode node = options.node("stop");
    String path = options.pathOf("stop");
    List<String> stops = new ArrayList<>();
    if (node != null && node.isString()) {
      stops.add(Fields.text(node, path, MAX_STOP_CHARS));
    } else if (node != null && !(node.isArray() && node.isEmpty())) {
      Fields.requireArray(node, path, MAX_STOPS);
      for (int i = 0; i < node.size(); i++) {
        stops.add(Fields.text(node.get(i), path + "[" + i + "]", MAX_STOP_CHARS));
      }
    }
    if (stops.contains("")) {
      throw Refusals.outOfRange("empty_string", path, "it holds an empty string");
    }
    return stops;
  }
}
