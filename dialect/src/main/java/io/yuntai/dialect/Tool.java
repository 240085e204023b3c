package io.yuntai.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function that a model may ask its caller to call.
 *
 * @param name 1 to 64 letters, digits, underscores and dashes
 * @param definition the whole tool as the client gave it, for the model's chat template: parsed
 *     JSON in its order
 * @param parameters JSON Schema of the arguments, parsed; empty where any object will do
 */
public record Tool(String name, Map<String, Object> definition, Map<String, Object> parameters) {
  /** Copies what could change. */
  public Tool {
    definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
