package io.yuntai.bench;

import java.util.Arrays;

/** What one repetition of a loaded worker measures. */
sealed interface Phase {
  /** Its name in results. */
  String label();

  /** The order that makes a worker do it once. */
  String command();

  /** Streams that have keys and values at the same time. */
  int streams();

  /** Tokens of each stream, read and generated. */
  int streamTokens();

  /** What its value counts. */
  Unit unit();

  /** The value of a repetition that took these nanoseconds (one number, or one a stream). */
  double value(long[] nanos);

  /**
   * Reading a prompt, up to the arg-max of its last token's logits.
   *
   * @param tokens length of the prompt
   */
  record Prefill(int tokens) implements Phase {
    @Override
    public String label() {
      return "prefill, " + tokens + " tokens";
    }

    @Override
    public String command() {
      return "prefill " + tokens;
    }

    @Override
    public int streams() {
      return 1;
    }

    @Override
    public int streamTokens() {
      return tokens;
    }

    @Override
    public Unit unit() {
      return Unit.TOKENS_PER_SECOND;
    }

    @Override
    public double value(long[] nanos) {
      return tokens * 1e9 / nanos[0];
    }
  }

  /**
   * Generating with all streams together: a step and the arg-max of each stream's logits for each
   * token. All streams' tokens count.
   *
   * @param streams how many
   * @param promptTokens of each, read before and not measured
   * @param tokens steps measured
   */
  record Decode(int streams, int promptTokens, int tokens) implements Phase {
    @Override
    public String label() {
      return "decode, " + streams + (streams == 1 ? " stream" : " streams");
    }

    @Override
    public String command() {
      return "decode " + streams + " " + promptTokens + " " + tokens;
    }

    @Override
    public int streamTokens() {
      return promptTokens + tokens;
    }

    @Override
    public Unit unit() {
      return Unit.TOKENS_PER_SECOND;
    }

    @Override
    public double value(long[] nanos) {
      return (double) streams * tokens * 1e9 / nanos[0];
    }
  }

  /**
   * Requests that arrive together and whose prompts begin alike: how long each waits for its first
   * token, in the mean.
   *
   * @param streams how many
   * @param sharedTokens with which each prompt begins
   * @param ownTokens that follow in each
   * @param tokens that each generates
   */
  record SharedPrefix(int streams, int sharedTokens, int ownTokens, int tokens) implements Phase {
    @Override
    public String label() {
      return "first token, %d streams sharing %d tokens".formatted(streams, sharedTokens);
    }

    @Override
    public String command() {
      return "prefix %d %d %d %d".formatted(streams, sharedTokens, ownTokens, tokens);
    }

    @Override
    public int streamTokens() {
      return sharedTokens + ownTokens + tokens;
    }

    @Override
    public Unit unit() {
      return Unit.SECONDS;
    }

    @Override
    public double value(long[] nanos) {
      return Arrays.stream(nanos).average().orElseThrow() / 1e9;
    }
  }

  /**
   * One token's time deep in a long context: what attention costs.
   *
   * @param depth tokens before it
   * @param tokens steps measured
   */
  record Deep(int depth, int tokens) implements Phase {
    @Override
    public String label() {
      return "one token after " + depth;
    }

    @Override
    public String command() {
      return "deep " + depth + " " + tokens;
    }

    @Override
    public int streams() {
      return 1;
    }

    @Override
    public int streamTokens() {
      return depth + tokens;
    }

    @Override
    public Unit unit() {
      return Unit.MILLISECONDS;
    }

    @Override
    public double value(long[] nanos) {
      return nanos[0] / 1e6 / tokens;
    }
  }

  /**
   * Vectors of texts, all asked for at once.
   *
   * @param texts how many
   * @param tokens of each
   */
  record Embed(int texts, int tokens) implements Phase {
    @Override
    public String label() {
      return "vectors, %d texts of %d tokens".formatted(texts, tokens);
    }

    @Override
    public String command() {
      return "embed %d %d".formatted(texts, tokens);
    }

    @Override
    public int streams() {
      return texts;
    }

    @Override
    public int streamTokens() {
      return tokens;
    }

    @Override
    public Unit unit() {
      return Unit.TEXTS_PER_SECOND;
    }

    @Override
    public double value(long[] nanos) {
      return texts * 1e9 / nanos[0];
    }
  }
}
