package io.yuntai.dialect.openai;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Thinking;
import io.yuntai.dialect.Thinking.Effort;
import io.yuntai.dialect.json.Fields;
import io.yuntai.dialect.json.Refusals;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code reasoning_effort}: whether and how hard a model thinks. */
final class Thoughts {
  private static final int MAX_CHARS = 64;
  private static final String EFFORTS = "'none', 'minimal', 'low', 'medium', 'high', and 'xhigh'";

  private Thoughts() {}

  static Thinking of(Fields fields) throws ApiException {
    Optional<String> effort = fields.text("reasoning_effort", MAX_CHARS);
    return effort.isEmpty()
        ? Thinking.DEFAULT
        : of(effort.get(), fields.pathOf("reasoning_effort"));
  }

  static Thinking of(String effort, String path) throws ApiException {
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
