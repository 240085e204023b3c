package io.yuntai.dialect;

import java.util.List;

/**
 * A generated token's log-probability and the likeliest tokens in its place.
 *
 * @param token the token
 * @param top best first, as many as asked for
 */
public record TokenLogprob(Scored token, List<Scored> top) {
  /** Copies what could change. */
  public TokenLogprob {
    top = List.copyOf(top);
  }

  /**
   * A token and its log-probability.
   *
   * @param text the token as text; U+FFFD where its bytes are not whole characters
   * @param bytes the token's bytes, 0 to 255 each
   * @param logprob natural logarithm
   */
  public record Scored(String text, List<Integer> bytes, double logprob) {
    /** Copies what could change. */
    public Scored {
      bytes = List.copyOf(bytes);
    }
  }
}
