package io.yuntai.dialect;

import java.util.List;

/**
 * Which tools an answer may call.
 *
 * @param tools those that the model is told of, by distinct names; empty for none
 * @param choice whether it calls them
 * @param parallel whether one answer may hold several calls
 */
public record ToolUse(List<Tool> tools, Choice choice, boolean parallel) {
  /** No tools at all. */
  public static final ToolUse NONE = new ToolUse(List.of(), new Choice.Never(), true);

  /** Copies what could change. */
  public ToolUse {
    tools = List.copyOf(tools);
  }

  /** Whether the answer is read for calls. */
  public boolean allowsCalls() {
    return !tools.isEmpty() && !(choice instanceof Choice.Never);
  }

  /** Whether and what a model calls. */
  public sealed interface Choice {
    /** Text only; the model is not told of tools. */
    record Never() implements Choice {}

    /** As the model likes. */
    record Free() implements Choice {}

    /** At least one call of any tool. */
    record Required() implements Choice {}

    /**
     * One call of this tool.
     *
     * @param name one of the tools
     */
    record Named(String name) implements Choice {}
  }
}
