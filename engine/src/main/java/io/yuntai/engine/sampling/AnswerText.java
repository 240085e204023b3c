package io.yuntai.engine.sampling;

import io.yuntai.engine.tokenizer.Utf8Stream;
import java.util.List;
import java.util.Optional;

/**
 * The text of one answer as its tokens' bytes come in: whole characters only, and nothing that
 * could still become a stop text. For one thread.
 */
public final class AnswerText {
  private final Utf8Stream characters = new Utf8Stream();
  private final StopTexts stops;

  /**
   * @param stops texts that end the answer, none of them empty
   */
  public AnswerText(List<String> stops) {
    this.stops = new StopTexts(stops);
  }

  /** Takes a token's bytes; returns the text that became final. */
  public String append(byte[] bytes) {
    return stops.append(characters.append(bytes));
  }

  /** Whether a stop text came up. */
  public boolean stopped() {
    return stops.found();
  }

  /** The stop text that came up. */
  public Optional<String> stopText() {
    return stops.stopText();
  }

  /** The end: text held back until now. A character that was cut becomes U+FFFD. */
  public String finish() {
    String rest = stops.append(characters.finish());
    return rest + stops.finish();
  }
}
