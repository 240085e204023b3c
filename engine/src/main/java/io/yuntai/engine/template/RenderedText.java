package io.yuntai.engine.template;

import java.util.BitSet;

/**
 * What a template rendered, and which of its characters came from the request and not from the
 * template. Immutable.
 */
public final class RenderedText {
  private final String text;
  private final BitSet fromRequest;

  RenderedText(String text, BitSet fromRequest) {
    this.text = text;
    this.fromRequest = fromRequest;
  }

  /** The whole text. */
  public String text() {
    return text;
  }

  /**
   * Whether the template alone wrote this range.
   *
   * @param start index of the first UTF-16 code unit
   * @param end index after the last
   */
  public boolean isFromTemplate(int start, int end) {
    int next = fromRequest.nextSetBit(start);
    return next < 0 || next >= end;
  }
}
