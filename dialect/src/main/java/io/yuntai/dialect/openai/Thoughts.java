package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code reasoning_effort}, or what Model Studio says in its place: whether and how hard a model
 * thinks.
 */
public final class Thoughts {
  private static final int MAX_CHARS = 64;
  private static final String EFFORTS = "'none', 'minimal', 'low', 'medium', 'high', and 'xhigh'";

  private Thoughts() {}

  static Thinking of(Fields fields) throws ApiException {
    Optional<String> effort = fields.text("reasoning_effort", MAX_CHARS);
    Thinking alibabas = enabled(fields);
    return effort.isEmpty() ? alibabas : of(effort.get(), fields.pathOf("reasoning_effort"));
  }

  /** {@code enable_thinking} and {@code thinking_budget}, Model Studio's names of the same. */
  public static Thinking enabled(Fields fields) throws ApiException {
    OptionalInt budget = fields.integer("thinking_budget", 1, Integer.MAX_VALUE);
    boolean said = fields.node("enable_thinking") != null;
    if (!said && budget.isEmpty()) {
      return Thinking.DEFAULT;
    }
    return said && !fields.flag("enable_thinking")
        ? new Thinking.Off()
        : new Thinking.On(Effort.UNSPECIFIED, budget);
  }

  /** An effort by its name. */
  public static Thinking of(String effort, String path) throws ApiException {
    return switch (effort) {
      case "none" -> new Thinking.Off();
      case "minimal" -> on(Effort.MINIMAL);
      case "low" -> on(Effort.LOW);
      case "medium" -> on(Effort.MEDIUM);
      case "high" -> on(Effort.HIGH);
      case "xhigh" -> on(Effort.XHIGH);
      default -> throw Refusals.badValue(path, effort, EFFORTS);
    };
  }

  private static Thinking on(Effort effort) {
    return new Thinking.On(effort, OptionalInt.empty());
  }
}
