package io.yuntai.engine.serving;

import io.yuntai.engine.prefix.KeptPrompt;
import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Admission;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has a place, who waits, and who holds which KV blocks: what {@link SchedulerState} is taken
 * from and {@link StepPlan} is done to. Knows no model and no text. For one thread.
 */
final class Roster {
  private final Limits limits;
  private final KvStore store;

  /** Most senior first. */
  private final List<ActiveSequence> running = new ArrayList<>();

  /** Most senior first, all of them junior to the running ones. */
  private final Deque<ActiveSequence> preempted = new ArrayDeque<>();

  /** Of each namespace those that never had a place; the namespace whose turn it is first. */
  private final Map<String, Deque<ActiveSequence>> queues = new LinkedHashMap<>();

  private long promptTokens;
  private long cachedPromptTokens;
  private long preemptions;

  /**
   * @param limits bounds of a step
   * @param blocks number of KV blocks
   */
  Roster(Limits limits, int blocks) {
    this(limits, new KvStore(blocks, limits.blockTokens()));
  }

  /**
   * @param limits bounds of a step
   * @param store the KV blocks, none of them taken
   */
  Roster(Limits limits, KvStore store) {
    this.limits = limits;
    this.store = store;
  }

  /** Takes a sequence in, at the end of its namespace's queue, with what was kept of its prompt. */
  void add(ActiveSequence sequence) {
    KeptPrompt kept = sequence.kept();
    store.restore(sequence.cacheSpace(), sequence.tokens(), kept.found(), kept::restore);
    kept.release();
    queues.computeIfAbsent(sequence.namespace(), _ -> new ArrayDeque<>()).addLast(sequence);
  }

  /** Lets a sequence go, wherever it is; its full blocks stay cached. */
  void remove(ActiveSequence sequence) {
    store.release(sequence.table());
    sequence.dropped();
    if (!running.remove(sequence) && !preempted.remove(sequence)) {
      Deque<ActiveSequence> queue = queues.get(sequence.namespace());
      if (queue != null && queue.remove(sequence) && queue.isEmpty()) {
        queues.remove(sequence.namespace());
      }
    }
  }

  /** Forgets all sequences but not what they hold: the end, after which nothing can be stepped. */
  void abandon() {
    running.clear();
    preempted.clear();
    queues.clear();
  }

  /** All sequences, those with a place first. */
  List<ActiveSequence> all() {
    List<ActiveSequence> all = new ArrayList<>(running);
    all.addAll(preempted);
    queues.values().forEach(all::addAll);
    return all;
  }

  /** Sequences with a place, most senior first; not to be changed. */
  List<ActiveSequence> running() {
    return running;
  }

  /** Number of sequences without a place. */
  int waiting() {
    return preempted.size() + queues.values().stream().mapToInt(Deque::size).sum();
  }

  boolean isEmpty() {
    return running.isEmpty() && preempted.isEmpty() && queues.isEmpty();
  }

  /** The KV blocks. */
  KvStore store() {
    return store;
  }

  /** Prompt tokens of all sequences that ever got a place. */
  long promptTokens() {
    return promptTokens;
  }

  /** How many of these were found stored. */
  long cachedPromptTokens() {
    return cachedPromptTokens;
  }

  /** How often a sequence lost its place. */
  long preemptions() {
    return preemptions;
  }

  /**
   * What the scheduler decides from. Running prefills first take from the prefix tree what others
   * have put there since.
   */
  SchedulerState state() {
    for (ActiveSequence sequence : running) {
      if (sequence.pending() > 1) {
        adopt(sequence);
      }
    }
    List<ActiveSequence> prefills = new ArrayList<>();
    int[] exclusive = store.exclusive(running.stream().map(ActiveSequence::table).toList());
    List<Sequence> runningViews = new ArrayList<>(running.size());
    for (int i = 0; i < exclusive.length; i++) {
      ActiveSequence sequence = running.get(i);
      int blocks = sequence.table().blocks().length;
      runningViews.add(view(sequence, sequence.computed(), blocks, exclusive[i], prefills));
    }
    int places = limits.maxRunning() - running.size();
    List<Sequence> preemptedViews = waitingViews(preempted, places, prefills);
    List<List<Sequence>> queueViews = new ArrayList<>();
    for (Deque<ActiveSequence> queue : queues.values()) {
      if (places == 0 || queueViews.size() == limits.maxRunning()) {
        break;
      }
      queueViews.add(waitingViews(queue, places, prefills));
    }
    return new SchedulerState(limits, store.available(), runningViews, preemptedViews, queueViews);
  }

  private List<Sequence> waitingViews(
      Deque<ActiveSequence> queue, int places, List<ActiveSequence> prefills) {
    List<Sequence> views = new ArrayList<>();
    for (ActiveSequence sequence : queue) {
      if (views.size() == places) {
        break;
      }
      KvStore.Match match =
          store.match(sequence.cacheSpace(), sequence.tokens(), sequence.length() - 1);
      int computed = match.blocks() * limits.blockTokens();
      views.add(view(sequence, computed, match.blocks(), match.unreferenced(), prefills));
    }
    return views;
  }

  /**
   * @param prefills what is or may come to be in prefill before it; it is added to them if it too
   *     is
   */
  private Sequence view(
      ActiveSequence sequence,
      int computed,
      int blocks,
      int exclusive,
      List<ActiveSequence> prefills) {
    long awaits = Sequence.NOBODY;
    if (sequence.length() - computed > 1) {
      for (ActiveSequence before : prefills) {
        if (awaits == Sequence.NOBODY && sharedTokens(sequence, before) > computed) {
          awaits = before.id();
        }
      }
      prefills.add(sequence);
    }
    return new Sequence(
        sequence.id(),
        sequence.namespace(),
        sequence.length(),
        computed,
        blocks,
        exclusive,
        awaits);
  }

  /** How many tokens a sequence could have from another once that is done with its prefill. */
  private int sharedTokens(ActiveSequence sequence, ActiveSequence other) {
    if (!sequence.cacheSpace().equals(other.cacheSpace())) {
      return 0;
    }
    int most = Math.min(sequence.length() - 1, other.length());
    int mismatch = Arrays.mismatch(sequence.tokens(), 0, most, other.tokens(), 0, most);
    int common = mismatch < 0 ? most : mismatch;
    return common - common % limits.blockTokens();
  }

  /** Makes a plan's changes to places and blocks; returns each chunk's sequence. */
  List<ActiveSequence> carryOut(StepPlan plan) {
    for (long id : plan.preempted()) {
      ActiveSequence victim = running.removeLast();
      require(victim.id() == id, "the most junior sequence is preempted");
      store.release(victim.table());
      victim.dropped();
      preempted.addFirst(victim);
      preemptions++;
    }
    admit(plan.admitted());
    List<ActiveSequence> sequences = new ArrayList<>(plan.chunks().size());
    for (Chunk chunk : plan.chunks()) {
      ActiveSequence sequence =
          running.stream().filter(one -> one.id() == chunk.id()).findFirst().orElseThrow();
      store.grow(sequence.table(), chunk.newBlocks());
      require(chunk.first() == sequence.computed(), "chunks follow what is computed");
      require(
          sequence.table().shared().size() * limits.blockTokens() <= chunk.first(),
          "only a sequence's own blocks are written");
      sequences.add(sequence);
    }
    return sequences;
  }

  /** All hold what they find before any gets blocks, which may evict what is not held. */
  private void admit(List<Admission> admissions) {
    List<ActiveSequence> newcomers = new ArrayList<>(admissions.size());
    for (Admission admission : admissions) {
      ActiveSequence newcomer = preempted.isEmpty() ? nextInTurn(admission) : preempted.remove();
      require(newcomer.id() == admission.id(), "sequences are admitted in their order");
      running.addLast(newcomer);
      newcomers.add(newcomer);
      if (newcomer.admit()) {
        promptTokens += newcomer.promptTokens();
      }
      adopt(newcomer);
    }
    for (int i = 0; i < newcomers.size(); i++) {
      store.grow(newcomers.get(i).table(), admissions.get(i).newBlocks());
    }
  }

  /** Takes the sequence from the head of its queue, whose namespace then has the last turn. */
  private ActiveSequence nextInTurn(Admission admission) {
    Deque<ActiveSequence> queue =
        queues.values().stream()
            .filter(one -> one.element().id() == admission.id())
            .findFirst()
            .orElseThrow();
    ActiveSequence head = queue.remove();
    queues.remove(head.namespace());
    if (!queue.isEmpty()) {
      queues.put(head.namespace(), queue);
    }
    return head;
  }

  private void adopt(ActiveSequence sequence) {
    int found =
        store.adopt(
            sequence.table(), sequence.cacheSpace(), sequence.tokens(), sequence.length() - 1);
    cachedPromptTokens += sequence.found(found);
  }

  /** Notes that a step stored the keys and values of further tokens, and shares full blocks. */
  void computed(ActiveSequence sequence, int further) {
    sequence.computed(further);
    store.publish(sequence.table(), sequence.cacheSpace(), sequence.tokens(), sequence.computed());
    sequence.kept().keep(sequence.table().blocks(), sequence.table().shared().size());
  }

  /**
   * Checks the account of KV blocks and the tree; see {@link KvStore#checkIntegrity}.
   *
   * @throws IllegalStateException naming the first rule that does not hold
   */
  void checkIntegrity() {
    store.checkIntegrity(all().stream().map(ActiveSequence::table).toList());
    require(running.size() <= limits.maxRunning(), "no more run than there are places");
    for (ActiveSequence sequence : all()) {
      KvTable table = sequence.table();
      boolean hasPlace = running.contains(sequence);
      require(hasPlace || table.blocks().length == 0, "a waiting sequence holds no KV blocks");
      require(
          table.shared().size() == sequence.computed() / limits.blockTokens(),
          "every full block is shared");
      require(
          limits.blocksFor(sequence.computed()) <= table.blocks().length,
          "each computed position has a block");
    }
    require(queues.values().stream().noneMatch(Deque::isEmpty), "an empty queue is forgotten");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken rule: " + rule);
    }
  }
}
