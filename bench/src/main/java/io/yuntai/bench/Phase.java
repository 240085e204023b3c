package io.yuntai.bench;

/** What one repetition measures. */
public sealed interface Phase {
  /** Its name in results. */
  String name();

  /** How many tokens the measured time is for. */
  int tokens();

  /** The order that makes a worker do it once. */
  String command();

  /**
   * Reading a prompt, up to its last token's logits.
   *
   * @param tokens length of the prompt
   */
  record Prefill(int tokens) implements Phase {
    @Override
    public String name() {
      return "prefill";
    }

    @Override
    public String command() {
      return "prefill " + tokens;
    }
  }

  /**
   * Generating for one stream: a step and the arg-max of its logits for each token.
   *
   * @param promptTokens read before, not measured
   * @param tokens steps measured
   */
  record Decode(int promptTokens, int tokens) implements Phase {
    @Override
    public String name() {
      return "decode";
    }

    @Override
    public String command() {
      return "decode " + promptTokens + " " + tokens;
    }
  }
}
