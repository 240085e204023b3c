package io.yuntai.console.requests;

import io.yuntai.ledger.requests.LoggedRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's stages one below the other, each where it began and as long as it took.
 *
 * @param stages those that happened, in their order
 * @param totalMicros of all
 */
public record Waterfall(List<Stage> stages, long totalMicros) {
  /** Copies the list. */
  public Waterfall {
    stages = List.copyOf(stages);
  }

  /**
   * A stage.
   *
   * @param name such as {@code prefill}
   * @param micros how long it took
   * @param left where it begins, of a width of 1000
   * @param width at least 2, so that it can be seen
   */
  public record Stage(String name, long micros, double left, double width) {}

  private static final double WIDTH = 1000;

  static Waterfall of(LoggedRequest.Stages stages) {
    List<Stage> shown = new ArrayList<>();
    long total = Math.max(1, stages.total());
    long at = 0;
    at = add(shown, "auth", stages.auth(), at, total);
    at = add(shown, "prepare", stages.prepare(), at, total);
    at = add(shown, "hold", stages.hold(), at, total);
    at = add(shown, "queue", stages.queue(), at, total);
    // What prefill begins with is known from its end, the first token.
    long begin =
        stages.firstToken() != LoggedRequest.Stages.NONE
                && stages.prefill() != LoggedRequest.Stages.NONE
            ? Math.max(at, stages.firstToken() - stages.prefill())
            : at;
    at = add(shown, "prefill", stages.prefill(), begin, total);
    at = add(shown, "decode", stages.decode(), at, total);
    long _ = add(shown, "settle", stages.settle(), at, total);
    return new Waterfall(shown, stages.total());
  }

  private static long add(List<Stage> shown, String name, long micros, long at, long total) {
    if (micros == LoggedRequest.Stages.NONE) {
      return at;
    }
    double left = Math.min(WIDTH - 2, WIDTH * at / total);
    double width = Math.clamp(WIDTH * micros / total, 2, WIDTH - left);
    shown.add(new Stage(name, micros, left, width));
    return at + micros;
  }
}
