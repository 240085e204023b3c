package io.yuntai.engine;

import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.Arrays;

/**
 * Turns texts into an encoder's sequences: {@code [CLS] text [SEP]}, and for a pair {@code [CLS]
 * first [SEP] second [SEP]}, with whichever of these tokens the model has. Control tokens that a
 * text spells stay text (docs/decisions/007-special-tokens-by-origin.md). Immutable, safe for use
 * by many threads.
 */
public final class EncoderTexts {
  private final Tokenizer tokenizer;
  private final int[] begin;
  private final int[] end;

  /**
   * @param tokenizer the model's vocabulary
   */
  public EncoderTexts(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    begin = tokenizer.addsBeginOfSequence() ? new int[] {tokenizer.beginOfSequence()} : new int[0];
    end = tokenizer.addsEndOfSequence() ? new int[] {tokenizer.endOfSequence()} : new int[0];
  }

  /** The model's vocabulary. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * A text.
   *
   * @param maxTokens the text is cut at its end to so many tokens in all; at least 3
   */
  public EncoderInput single(String text, int maxTokens) {
    int[] ids = ids(text);
    int room = maxTokens - begin.length - end.length;
    return EncoderInput.of(join(begin, cut(ids, room), end));
  }

  /**
   * A query and a document.
   *
   * @param maxTokens the document, and then the query, is cut at its end to so many tokens in all
   */
  public EncoderInput pair(String query, String document, int maxTokens) {
    int room = maxTokens - begin.length - 2 * end.length;
    int[] queryIds = cut(ids(query), room);
    int[] documentIds = cut(ids(document), room - queryIds.length);
    int[] first = join(begin, queryIds, end);
    return new EncoderInput(join(first, documentIds, end), first.length);
  }

  private int[] ids(String text) {
    return tokenizer.encode(text, SpecialTokens.AS_TEXT);
  }

  private static int[] cut(int[] ids, int room) {
    return ids.length <= room ? ids : Arrays.copyOf(ids, Math.max(0, room));
  }

  private static int[] join(int[] first, int[] second, int[] third) {
    int[] all = Arrays.copyOf(first, first.length + second.length + third.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    System.arraycopy(third, 0, all, first.length + second.length, third.length);
    return all;
  }
}
