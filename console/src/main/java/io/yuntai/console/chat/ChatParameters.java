package io.yuntai.console.chat;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.GenerationSettings;
import io.yuntai.dialect.Thinking;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How answers are generated, as far as a person says so.
 *
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param maxTokens of an answer, at least 1
 * @param seed for the same answer again
 * @param thinking whether a model that can think does; empty for as it likes
 */
public record ChatParameters(
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt maxTokens,
    OptionalLong seed,
    Optional<Boolean> thinking) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Nothing is said. */
  static final ChatParameters NONE =
      new ChatParameters(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          Optional.empty());

  /**
   * What a browser sent: texts, empty ones for nothing.
   *
   * @throws ApiException 400 for what is out of range
   */
  static ChatParameters of(JsonNode sent) throws ApiException {
    return new ChatParameters(
        decimal(sent, "temperature", 2),
        decimal(sent, "top_p", 1),
        maxTokens(sent),
        seed(sent),
        switch (sent.path("thinking").asString("")) {
          case "on" -> Optional.of(true);
          case "off" -> Optional.of(false);
          default -> Optional.empty();
        });
  }

  private static OptionalDouble decimal(JsonNode sent, String field, double most)
      throws ApiException {
    String text = sent.path(field).asString("").strip();
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!text.matches("[0-9]{1,3}([.,][0-9]{1,6})?")) {
      throw invalid(field, "is a number from 0 to " + (int) most);
    }
    double value = Double.parseDouble(text.replace(',', '.'));
    if (value > most) {
      throw invalid(field, "is a number from 0 to " + (int) most);
    }
    return OptionalDouble.of(value);
  }

  private static OptionalInt maxTokens(JsonNode sent) throws ApiException {
    String text = sent.path("max_tokens").asString("").strip();
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!text.matches("[1-9][0-9]{0,6}")) {
      throw invalid("max_tokens", "is a whole number from 1 to 9999999");
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  private static OptionalLong seed(JsonNode sent) throws ApiException {
    String text = sent.path("seed").asString("").strip();
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("-?[0-9]{1,18}")) {
      throw invalid("seed", "is a whole number of up to 18 digits");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static ApiException invalid(String field, String what) {
    return new ApiException(
        ApiError.invalidField("invalid_value", field, "The field " + field + " " + what + "."));
  }

  /** What was kept by {@link #json}. */
  static ChatParameters ofKept(String json) {
    try {
      return of(JSON.readTree(json));
    } catch (JacksonException | ApiException _) {
      return NONE;
    }
  }

  /** For keeping, and for forms: texts by their fields' names. */
  Map<String, String> fields() {
    return Map.of(
        "temperature", temperature.isPresent() ? plain(temperature.getAsDouble()) : "",
        "top_p", topP.isPresent() ? plain(topP.getAsDouble()) : "",
        "max_tokens", maxTokens.isPresent() ? Integer.toString(maxTokens.getAsInt()) : "",
        "seed", seed.isPresent() ? Long.toString(seed.getAsLong()) : "",
        "thinking", thinking.map(on -> on ? "on" : "off").orElse(""));
  }

  private static String plain(double value) {
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  String json() {
    ObjectNode object = JSON.createObjectNode();
    fields()
        .forEach((name, value) -> {
          if (!value.isEmpty()) {
            object.put(name, value);
          }
        });
    return object.toString();
  }

  GenerationSettings settings() {
    GenerationSettings usual = GenerationSettings.DEFAULTS;
    return new GenerationSettings(
        maxTokens,
        temperature.orElse(usual.temperature()),
        topP.orElse(usual.topP()),
        usual.topK(),
        usual.minP(),
        usual.presencePenalty(),
        usual.frequencyPenalty(),
        Map.of(),
        seed,
        List.of(),
        1,
        -1,
        Optional.empty(),
        AnswerForm.FREE);
  }

  Thinking thoughts() {
    return thinking
        .<Thinking>map(on ->
            on
                ? new Thinking.On(Thinking.Effort.UNSPECIFIED, OptionalInt.empty())
                : new Thinking.Off())
        .orElse(Thinking.DEFAULT);
  }
}
