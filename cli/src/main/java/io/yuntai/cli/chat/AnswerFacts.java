package io.yuntai.cli.chat;

import io.yuntai.cli.terminal.Units;
import java.time.Duration;
import java.util.Locale;

/**
 * What an answer took.
 *
 * @param promptTokens tokens of the conversation
 * @param completionTokens tokens of the answer
 * @param firstNanos from the question to the first token; the whole time if there was none
 * @param totalNanos from the question to the end
 * @param finish why it ended, in OpenAI's words: {@code stop}, {@code length}, {@code cancelled}
 *     ...
 */
record AnswerFacts(
    int promptTokens, int completionTokens, long firstNanos, long totalNanos, String finish) {
  /** One line for a person. */
  String line(long seed) {
    double decodeSeconds = (totalNanos - firstNanos) / 1e9;
    String rate =
        completionTokens > 1 && decodeSeconds > 0
            ? String.format(Locale.ROOT, " · %.1f tok/s", (completionTokens - 1) / decodeSeconds)
            : "";
    return promptTokens
        + " tokens in · "
        + completionTokens
        + " out · first after "
        + Units.duration(Duration.ofNanos(firstNanos))
        + rate
        + " · seed "
        + seed
        + (finish.equals("stop") ? "" : " · ended by " + finish);
  }
}
