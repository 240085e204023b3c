package io.yuntai.engine;

/** A prompt that leaves no room for an answer in the model's context. Never cut silently. */
public final class PromptTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int promptTokens;
  private final int contextTokens;

  /**
   * @param promptTokens tokens of the prompt
   * @param contextTokens what the loaded model holds, prompt and answer together
   */
  public PromptTooLongException(int promptTokens, int contextTokens) {
    super(
        "the prompt has %d tokens, but the context holds %d, prompt and answer together"
            .formatted(promptTokens, contextTokens));
    this.promptTokens = promptTokens;
    this.contextTokens = contextTokens;
  }

  /** Tokens of the prompt. */
  public int promptTokens() {
    return promptTokens;
  }

  /** Tokens that the context holds. */
  public int contextTokens() {
    return contextTokens;
  }
}
