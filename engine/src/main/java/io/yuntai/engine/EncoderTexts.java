package io.yuntai.engine;

import io.yuntai.engine.encoder.EncoderInput;
import io.yuntai.engine.gguf.Metadata;
import io.yuntai.engine.tokenizer.Tokenizer;
import io.yuntai.engine.tokenizer.Tokenizer.SpecialTokens;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into an encoder's sequences: {@code [CLS] text [SEP]}, and for a pair {@code [CLS]
 * first [SEP] second [SEP]}, with whichever of these tokens the model has; a decoder that rates
 * pairs reads them in a prompt. Control tokens that a text spells stay text
 * (docs/decisions/007-special-tokens-by-origin.md). Immutable, safe for use by many threads.
 */
public final class EncoderTexts {
  /** Qwen3-Embedding's instruction where a user gives none, from its model card. */
  private static final String USUAL_TASK =
      "Given a web search query, retrieve relevant passages that answer the query";

  private final Tokenizer tokenizer;
  private final int[] begin;
  private final int[] end;
  private final boolean instructsQueries;
  private final @Nullable PairPrompt pairs;
  private final @Nullable ControlTokens control;

  private EncoderTexts(
      Tokenizer tokenizer, boolean addsEnd, boolean instructsQueries, @Nullable PairPrompt pairs) {
    this.tokenizer = tokenizer;
    this.instructsQueries = instructsQueries;
    this.pairs = pairs;
    begin = tokenizer.addsBeginOfSequence() ? new int[] {tokenizer.beginOfSequence()} : new int[0];
    end = addsEnd ? new int[] {tokenizer.endOfSequence()} : new int[0];
    control = pairs == null ? null : ControlTokens.of(tokenizer);
  }

  /**
   * For an encoder.
   *
   * @param tokenizer the model's vocabulary
   */
  public EncoderTexts(Tokenizer tokenizer) {
    this(tokenizer, tokenizer.addsEndOfSequence(), false, null);
  }

  /**
   * For a decoder that gives vectors or scores.
   *
   * @param kind what it gives
   */
  static EncoderTexts causal(Metadata metadata, Tokenizer tokenizer, ModelKind kind) {
    if (kind == ModelKind.RERANK) {
      return new EncoderTexts(tokenizer, false, false, PairPrompt.of(metadata));
    }
    // The state of the last token is the vector, and these models were trained to sum up there.
    boolean addsEnd =
        tokenizer.endOfSequence() >= 0
            && metadata.findBool("tokenizer.ggml.add_eos_token").orElse(true);
    boolean instructs = metadata.string("general.architecture").equals("qwen3");
    return new EncoderTexts(tokenizer, addsEnd, instructs, null);
  }

  /** Whether queries can be told what they are for. */
  public boolean takesInstructions() {
    return instructsQueries || (pairs != null && pairs.takesInstruction());
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
   * A text that others are looked for with: for models that were trained so, behind an instruction.
   *
   * @param instruction what is looked for; empty for the model's usual one. Not empty only where
   *     the model {@link #takesInstructions}
   * @param maxTokens as in {@link #single}
   */
  public EncoderInput query(String text, String instruction, int maxTokens) {
    if (!instructsQueries) {
      return single(text, maxTokens);
    }
    String task = instruction.isEmpty() ? USUAL_TASK : instruction;
    return single("Instruct: " + task + "\nQuery:" + text, maxTokens);
  }

  /**
   * A query and a document.
   *
   * @param instruction what documents are judged for; empty for the model's usual one. Not empty
   *     only where the model {@link #takesInstructions}
   * @param maxTokens the document, and then the query, is cut at its end to so many tokens in all
   */
  public EncoderInput pair(String query, String document, String instruction, int maxTokens) {
    if (pairs != null && control != null) {
      return EncoderInput.of(
          pairs.encode(tokenizer, control, query, document, instruction, maxTokens));
    }
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
