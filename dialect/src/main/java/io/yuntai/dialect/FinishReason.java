package io.yuntai.dialect;

/** Why an answer ended well. */
public enum FinishReason {
  /** The model ended it, or a stop text came up. */
  STOP,
  /** As many tokens as were asked for, or as the context holds. */
  LENGTH,
  /** The model ended it with calls of tools. */
  TOOL_CALLS,
  /** An upstream's filter ended it; our engine has none. */
  CONTENT_FILTER
}
