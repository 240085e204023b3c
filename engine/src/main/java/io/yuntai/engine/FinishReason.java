package io.yuntai.engine;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer, or a stop text came up. */
  STOP,
  /** {@code maxTokens} or the context's end was reached. */
  LENGTH,
  /** The caller cancelled it. */
  CANCELLED,
  /** Its deadline passed. */
  DEADLINE,
  /** The engine is stopping. */
  SHUTDOWN
}
