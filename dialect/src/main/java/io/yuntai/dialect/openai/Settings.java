package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.RepetitionPenalty;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** The settings that chat and completions share, with OpenAI's ranges and defaults. */
final class Settings {
  /** OpenAI's bound of {@code n}. */
  static final int MAX_CHOICES = 128;

  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_CHARS = 1024;
  private static final int MAX_BIASES = 1024;
  private static final int MAX_BIAS = 100;
  private static final int MAX_TOP_LOGPROBS = 20;
  private static final int MAX_USER_CHARS = 1024;
  private static final int MAX_PENALTY = 2;

  private Settings() {}

  static GenerationSettings of(Fields fields, OptionalInt maxTokens, int topLogprobs)
      throws ApiException {
    return new GenerationSettings(
        maxTokens,
        fields.decimal("temperature", 0, 2).orElse(1),
        fields.decimal("top_p", 0, 1).orElse(1),
        // -1 is what vLLM's clients write for "all".
        Math.max(0, fields.integer("top_k", -1, Integer.MAX_VALUE).orElse(0)),
        fields.decimal("min_p", 0, 1).orElse(0),
        fields.decimal("presence_penalty", -MAX_PENALTY, MAX_PENALTY).orElse(0),
        fields.decimal("frequency_penalty", -MAX_PENALTY, MAX_PENALTY).orElse(0),
        repetition(fields),
        logitBias(fields),
        fields.wide("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        stop(fields),
        fields.integer("n", 1, MAX_CHOICES).orElse(1),
        topLogprobs,
        fields.text("user", MAX_USER_CHARS),
        AnswerForms.of(fields));
  }

  /** Over prompt and answer, as vLLM and DashScope mean it. */
  private static RepetitionPenalty repetition(Fields fields) throws ApiException {
    double factor =
        fields
            .decimal(
                "repetition_penalty", RepetitionPenalty.MIN_FACTOR, RepetitionPenalty.MAX_FACTOR)
            .orElse(1);
    return RepetitionPenalty.of(factor);
  }

  /** -1 for none. */
  static int chatLogprobs(Fields fields) throws ApiException {
    boolean wanted = fields.flag("logprobs");
    OptionalInt top = fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
    if (!wanted && top.orElse(0) > 0) {
      throw Refusals.combination(
          "top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is true.");
    }
    return wanted ? top.orElse(0) : -1;
  }

  private static List<String> stop(Fields fields) throws ApiException {
    JsonNode node = fields.node("stop");
    if (node == null) {
      return List.of();
    }
    if (node.isString()) {
      return List.of(stop(node, "stop"));
    }
    if (!node.isArray()) {
      throw Refusals.wrongType("stop", "a string or an array of strings", node);
    }
    if (node.size() > MAX_STOPS) {
      throw Refusals.longArray("stop", MAX_STOPS, node.size());
    }
    List<String> stops = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      stops.add(stop(node.get(i), "stop[" + i + "]"));
    }
    return stops;
  }

  private static String stop(JsonNode node, String path) throws ApiException {
    String stop = Fields.text(node, path, MAX_STOP_CHARS);
    if (stop.isEmpty()) {
      throw Refusals.outOfRange(
          "string_below_min_length", path, "a stop text must have at least one character");
    }
    return stop;
  }

  private static Map<Integer, Double> logitBias(Fields fields) throws ApiException {
    JsonNode node = fields.node("logit_bias");
    if (node == null) {
      return Map.of();
    }
    if (!node.isObject()) {
      throw Refusals.wrongType("logit_bias", "an object", node);
    }
    if (node.size() > MAX_BIASES) {
      throw Refusals.outOfRange(
          "object_above_max_properties",
          "logit_bias",
          "%d token ids, and at most %d are allowed".formatted(node.size(), MAX_BIASES));
    }
    Map<Integer, Double> biases = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String path = "logit_bias." + entry.getKey();
      double bias = Fields.decimal(entry.getValue(), path, -MAX_BIAS, MAX_BIAS);
      biases.put(tokenId(entry.getKey(), path), bias);
    }
    return biases;
  }

  /** Decimal digits without leading zeros, so that no two names mean the same id. */
  private static int tokenId(String name, String path) throws ApiException {
    boolean digits =
        !name.isEmpty()
            && name.length() <= 10
            && name.chars().allMatch(c -> c >= '0' && c <= '9')
            && (name.length() == 1 || name.charAt(0) != '0');
    if (!digits || Long.parseLong(name) > Integer.MAX_VALUE) {
      throw Refusals.outOfRange("invalid_value", path, "names of 'logit_bias' are token ids");
    }
    return Integer.parseInt(name);
  }
}
