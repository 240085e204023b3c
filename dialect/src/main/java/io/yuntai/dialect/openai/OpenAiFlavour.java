package io.yuntai.dialect.openai;

/** Which reading of OpenAI's API a server has: what it is sent differs a little. */
public enum OpenAiFlavour {
  /** Another Yuntai: each setting is spelled out, so that nothing depends on defaults. */
  YUNTAI,
  /**
   * vLLM, SGLang, llama-server, DashScope's compatible mode and others: they know further settings,
   * such as {@code top_k}, have defaults of their own, and the older names of roles and limits.
   */
  COMPATIBLE,
  /** OpenAI itself: refuses what it does not know. */
  OPENAI,
  /** OpenAI's models at Azure: the model is a deployment in the path. */
  AZURE;

  /** Whether unknown settings are refused there. */
  boolean strict() {
    return this == OPENAI || this == AZURE;
  }
}
