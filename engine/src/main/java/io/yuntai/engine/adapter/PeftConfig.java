package io.yuntai.engine.adapter;

import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.json.JsonException;
import io.yuntai.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code adapter_config.json} says of an adapter's factors. Source: {@code LoraConfig} of the
 * peft library.
 */
final class PeftConfig {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_PATTERNS = 100_000;

  /** A module's name or the end of one; others are regular expressions. */
  private static final Pattern MODULE_NAME = Pattern.compile("\\^?[A-Za-z0-9_.]+");

  /** What changes the computation in a way that is not followed here, unless it is empty. */
  private static final List<String> REFUSED =
      List.of(
          "alora_invocation_tokens",
          "arrow_config",
          "fan_in_fan_out",
          "layer_replication",
          "lora_bias",
          "megatron_config",
          "modules_to_save",
          "target_parameters",
          "trainable_token_indices",
          "use_bdlora",
          "use_dora",
          "use_qalora");

  /** First words of ways to begin training that change the model's own weights. */
  private static final Set<String> CHANGING_INITS =
      Set.of("pissa", "olora", "corda", "loftq", "lora");

  private final String file;
  private final Map<String, @Nullable Object> values;

  private PeftConfig(String file, Map<String, @Nullable Object> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * Reads the file.
   *
   * @param name starts messages
   * @throws ModelFormatException where it is damaged, or asks for what is not supported
   */
  static PeftConfig read(Path json, String name) throws IOException {
    String file = name + "/" + json.getFileName();
    if (Files.size(json) > MAX_BYTES) {
      throw new ModelFormatException(
          "%s: has %,d bytes; at most %,d are read".formatted(file, Files.size(json), MAX_BYTES));
    }
    try {
      PeftConfig config = new PeftConfig(file, JsonReader.parseObject(Files.readString(json)));
      config.refuseUnknown();
      return config;
    } catch (JsonException e) {
      throw new ModelFormatException(file + ": is damaged: " + e.getMessage(), e);
    } catch (MalformedInputException e) {
      throw new ModelFormatException(file + ": is not UTF-8", e);
    }
  }

  private void refuseUnknown() {
    if (!"LORA".equals(values.get("peft_type"))) {
      throw refuse(
          "peft_type is %s; only \"LORA\" is supported".formatted(shown(values.get("peft_type"))));
    }
    for (String key : REFUSED) {
      if (!isEmpty(values.get(key))) {
        throw refuse("%s is %s, which is not supported".formatted(key, shown(values.get(key))));
      }
    }
    Object bias = values.get("bias");
    if (bias != null && !"none".equals(bias)) {
      throw refuse("bias is %s; only \"none\" is supported".formatted(shown(bias)));
    }
    if (values.get("init_lora_weights") instanceof String init
        && CHANGING_INITS.contains(init.split("_", 2)[0])) {
      throw refuse(
          "init_lora_weights is %s, which changes the model itself; convert the adapter with peft's path_initial_model_for_weight_conversion"
              .formatted(shown(init)));
    }
  }

  private static boolean isEmpty(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Boolean flag -> !flag;
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  /** The model that it was made for, as its makers call it. */
  Optional<String> baseModel() {
    return values.get("base_model_name_or_path") instanceof String name
        ? Optional.of(name)
        : Optional.empty();
  }

  /**
   * The factor of what is added to a module.
   *
   * @param module such as {@code model.layers.0.self_attn.q_proj}
   * @param rank that its tensors have
   * @throws ModelFormatException where the file gives the module another rank, or no factor
   */
  float scale(String module, long rank) {
    double said = number("r", "rank_pattern", module);
    if (said != rank) {
      throw refuse(
          "r is %s for %s, but its tensors have the rank %s".formatted(plain(said), module, rank));
    }
    double alpha = number("lora_alpha", "alpha_pattern", module);
    boolean stabilized = Boolean.TRUE.equals(values.get("use_rslora"));
    return (float) (alpha / (stabilized ? Math.sqrt((double) rank) : rank));
  }

  /** The number of the first pattern that a module's name ends with, or the one for all. */
  private double number(String key, String patterns, String module) {
    if (values.get(patterns) instanceof Map<?, ?> map) {
      if (map.size() > MAX_PATTERNS) {
        throw refuse("%s has %s entries".formatted(patterns, map.size()));
      }
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String pattern = String.valueOf(entry.getKey());
        if (!MODULE_NAME.matcher(pattern).matches()) {
          throw refuse(
              "%s has the regular expression %s; only names are supported"
                  .formatted(patterns, shown(pattern)));
        }
        if (names(pattern, module)) {
          return number(patterns, entry.getValue());
        }
      }
    }
    return number(key, values.get(key));
  }

  private static boolean names(String pattern, String module) {
    return pattern.startsWith("^")
        ? module.equals(pattern.substring(1))
        : module.equals(pattern) || module.endsWith("." + pattern);
  }

  private double number(String key, @Nullable Object value) {
    if (value instanceof Number number && number.doubleValue() > 0) {
      return number.doubleValue();
    }
    throw refuse("%s is %s, not a number above 0".formatted(key, shown(value)));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? "%.0f".formatted(number) : String.valueOf(number);
  }

  private static String shown(@Nullable Object value) {
    String text = value instanceof String string ? "\"" + string + "\"" : String.valueOf(value);
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private ModelFormatException refuse(String sentence) {
    return new ModelFormatException(file + ": " + sentence);
  }
}
