package io.yuntai.engine.serving;

import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.AnswerText;
import io.yuntai.engine.sampling.TokenCounts;
import java.util.Arrays;

/** A generation as the step thread sees it: its tokens, its KV blocks, its text so far. */
final class ActiveSequence {
  private final long id;
  private final GenerationRequest request;
  private final int maxTokens;
  private final Mailbox mailbox;
  private final AnswerText text;
  private final TokenCounts generatedCounts = new TokenCounts();

  private int[] tokens;
  private int length;
  private int computed;
  private int[] blocks = {};
  private boolean admittedBefore;

  /**
   * @param id its age: greater is younger
   * @param request what is wanted
   * @param maxTokens {@code request.maxTokens()}, lowered to what the context holds
   */
  ActiveSequence(long id, GenerationRequest request, int maxTokens) {
    this.id = id;
    this.request = request;
    this.maxTokens = maxTokens;
    this.mailbox = new Mailbox(maxTokens);
    this.text = new AnswerText(request.stop());
    this.tokens = request.prompt();
    this.length = tokens.length;
  }

  long id() {
    return id;
  }

  GenerationRequest request() {
    return request;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  AnswerText text() {
    return text;
  }

  /** Counts of the generated tokens, for the penalties. */
  TokenCounts generatedCounts() {
    return generatedCounts;
  }

  int promptTokens() {
    return request.prompt().length;
  }

  int generatedTokens() {
    return length - promptTokens();
  }

  /** Tokens that may still be generated. */
  int remainingTokens() {
    return maxTokens - generatedTokens();
  }

  int length() {
    return length;
  }

  int token(int position) {
    return tokens[position];
  }

  /** The KV blocks of its positions, in order; not to be changed. */
  int[] blocks() {
    return blocks;
  }

  SchedulerState.Sequence view() {
    return new SchedulerState.Sequence(id, length, computed, blocks.length);
  }

  /** Takes a place; true the first time. */
  boolean admit() {
    boolean first = !admittedBefore;
    admittedBefore = true;
    return first;
  }

  void append(int token) {
    if (length == tokens.length) {
      int most = promptTokens() + maxTokens;
      tokens = Arrays.copyOf(tokens, Math.min(most, length + Math.max(64, length / 2)));
    }
    tokens[length++] = token;
    generatedCounts.add(token);
  }

  /** The keys and values of further tokens are stored. */
  void computed(int further) {
    computed += further;
  }

  void takeBlocks(KvBlockPool pool, int count) {
    int held = blocks.length;
    blocks = Arrays.copyOf(blocks, held + count);
    for (int i = held; i < blocks.length; i++) {
      blocks[i] = pool.take();
    }
  }

  /** Gives all blocks back, so that everything must be computed again. */
  void dropBlocks(KvBlockPool pool) {
    for (int block : blocks) {
      pool.giveBack(block);
    }
    blocks = new int[0];
    computed = 0;
  }
}
