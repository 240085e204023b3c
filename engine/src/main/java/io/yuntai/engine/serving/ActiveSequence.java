package io.yuntai.engine.serving;

import io.yuntai.engine.Adapters;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.WorkWitness;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.engine.prefix.KeptPrompt;
import io.yuntai.engine.sampling.AnswerText;
import io.yuntai.engine.sampling.PastTokens;
import io.yuntai.engine.sampling.TokenCounts;
import io.yuntai.engine.speculation.TokenSequence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A generation as the step thread sees it: its tokens, its KV blocks, its text so far. */
final class ActiveSequence implements TokenSequence, PastTokens {
  private final long id;
  private final GenerationRequest request;
  private final int maxTokens;
  private final Adapters.Lease adapter;
  private final String cacheSpace;
  private final KeptPrompt kept;
  private final Mailbox mailbox;
  private final AnswerText text;
  private final TokenCounts generatedCounts = new TokenCounts();

  private final Draft draft = new Draft();

  private int[] tokens;
  private int length;
  private int computed;

  /** The most that {@link #computed} ever was: what lies below is computed again, not found. */
  private int furthest;

  private int cachedPromptTokens;

  /** The end of the prompt's part that steps have computed, and how much of it they had to. */
  private int stepsReached;

  private int computedPromptTokens;
  private int sampledTokens;
  private final KvTable table = new KvTable();
  private boolean admittedBefore;
  private @Nullable TokenState grammar;

  /** A generation that no adapter answers, of whose prompt nothing is kept elsewhere. */
  ActiveSequence(long id, GenerationRequest request, int maxTokens) {
    this(id, request, maxTokens, Adapters.Lease.NONE, KeptPrompt.NONE);
  }

  /**
   * @param id names it
   * @param request what is wanted
   * @param maxTokens {@code request.maxTokens()}, lowered to what the context holds
   * @param adapter what answers it
   * @param kept the prompt's blocks outside of the decoder's memory
   */
  ActiveSequence(
      long id, GenerationRequest request, int maxTokens, Adapters.Lease adapter, KeptPrompt kept) {
    this.id = id;
    this.request = request;
    this.maxTokens = maxTokens;
    this.adapter = adapter;
    this.kept = kept;
    this.cacheSpace = adapter.id() + ":" + request.namespace();
    this.mailbox = new Mailbox(maxTokens);
    this.text = new AnswerText(request.stop());
    this.tokens = request.prompt();
    this.length = tokens.length;
    this.grammar = request.grammar();
  }

  long id() {
    return id;
  }

  GenerationRequest request() {
    return request;
  }

  /** The prompt's blocks outside of the decoder's memory. */
  KeptPrompt kept() {
    return kept;
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

  /** What is guessed to follow, while a step is made. */
  Draft draft() {
    return draft;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int token(int position) {
    return tokens[position];
  }

  /** The {@link #length} known tokens and room for more; not to be changed. */
  int[] tokens() {
    return tokens;
  }

  /** How far the answer has come under its grammar; null where it has none. */
  @Nullable TokenState grammar() {
    return grammar;
  }

  /** The answer has come farther under its grammar. */
  void grammar(TokenState next) {
    grammar = next;
  }

  String namespace() {
    return request.namespace();
  }

  /** What answers it. */
  Adapters.Lease adapter() {
    return adapter;
  }

  /**
   * Whose stored prompts it may share: its namespace's, as far as the same adapter made them. Keys
   * and values depend on the adapter as they do on the tokens.
   */
  String cacheSpace() {
    return cacheSpace;
  }

  /** The KV blocks of its positions. */
  KvTable table() {
    return table;
  }

  /** How many of its tokens have their keys and values stored. */
  int computed() {
    return computed;
  }

  /** Tokens still to compute: 1 when decoding, more in prefill. */
  int pending() {
    return length - computed;
  }

  /** Prompt tokens that were found stored, so that it never computed them. */
  int cachedPromptTokens() {
    return cachedPromptTokens;
  }

  /** Takes a place; true the first time. */
  boolean admit() {
    boolean first = !admittedBefore;
    admittedBefore = true;
    if (first) {
      mailbox.placed();
    }
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

  /**
   * A step has run the decoder over tokens of it. What a sequence lost and computed again counts
   * once.
   */
  void stepped(int first, int count) {
    int end = Math.min(first + count, promptTokens());
    computedPromptTokens += Math.max(0, end - Math.max(first, stepsReached));
    stepsReached = Math.max(stepsReached, end);
  }

  /** A token was chosen from its logits. */
  void sampled() {
    sampledTokens++;
  }

  /** What steps have done for it. */
  WorkWitness.Work work() {
    return new WorkWitness.Work(computedPromptTokens, cachedPromptTokens, sampledTokens);
  }

  /** The keys and values of further tokens are stored. */
  void computed(int further) {
    computed += further;
    furthest = Math.max(furthest, computed);
    tellProgress();
  }

  private void tellProgress() {
    int ready = Math.min(furthest, promptTokens());
    if (ready > mailbox.promptTokensReady()) {
      mailbox.promptTokensReady(ready);
    }
  }

  /**
   * The keys and values of the first {@code upTo} tokens were found stored.
   *
   * @return how many of these were never computed for this sequence
   */
  int found(int upTo) {
    int gained = Math.max(0, upTo - furthest);
    computed = Math.max(computed, upTo);
    furthest = Math.max(furthest, upTo);
    cachedPromptTokens += gained;
    tellProgress();
    return gained;
  }

  /** Its blocks are gone, so that everything must be found or computed again. */
  void dropped() {
    computed = 0;
  }
}
