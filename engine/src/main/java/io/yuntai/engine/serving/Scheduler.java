package io.yuntai.engine.serving;

import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Admission;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides what one step computes: a pure function of {@link SchedulerState}.
 *
 * <ol>
 *   <li><b>Decode first.</b> Every sequence with one token to go gets it, most senior first.
 *       Prefill first would starve running streams for as long as prompts come in.
 *   <li><b>Preemption.</b> A decoding sequence that finds no block available takes those of the
 *       most junior one, which is recomputed later; where it is itself the most junior, it waits a
 *       step.
 *   <li><b>Admission</b>: who was preempted comes first, then one of each namespace in turn, while
 *       there are places, blocks, and tokens that would be left idle; a namespace that has nothing
 *       in prefill may always start something. Whoever has the turn and finds no room is waited
 *       for, so large requests don't starve. A sequence gets the blocks for all its known tokens at
 *       once, so that prefill never runs out; only decoding takes blocks later. Beside running
 *       sequences, one block for each of these stays free, or the newcomer would soon be preempted.
 *   <li><b>Then prefill</b> in what is left of the token budget, which namespaces share equally;
 *       what one doesn't need goes to the others. Within a namespace the most senior comes first.
 *       Whoever needs next what a more senior one is about to compute waits to share it.
 * </ol>
 *
 * <p>Why nothing starves: only junior sequences are preempted, and nobody is admitted past one that
 * was, so at most {@code maxRunning} sequences have begun and not ended. The most senior of them
 * always has a place; it decodes with the whole pool at its disposal, or it is the first of its
 * namespace in prefill, whose share is at least one token because {@code maxRunning} is at most
 * {@code maxBatchTokens}. So with p prompt tokens and n to generate it is done at most p + n steps
 * after it became the most senior; and a request waits for the turns of those before it in its own
 * namespace, times the namespaces, whatever these have in their queues.
 */
public final class Scheduler {
  private final SchedulerState state;
  private final Limits limits;
  private final List<Long> preempted = new ArrayList<>();
  private final List<Admission> admitted = new ArrayList<>();
  private final List<Chunk> chunks = new ArrayList<>();

  /** By namespace, each most senior first. */
  private final Map<String, List<Sequence>> prefills = new LinkedHashMap<>();

  private final Set<Long> inPrefill = new HashSet<>();
  private int survivors;
  private int availableBlocks;
  private int freeTokens;

  private Scheduler(SchedulerState state) {
    this.state = state;
    this.limits = state.limits();
    this.survivors = state.running().size();
    this.availableBlocks = state.availableBlocks();
    this.freeTokens = limits.maxBatchTokens();
  }

  /** The next step; without chunks only if no sequence runs or waits. */
  public static StepPlan plan(SchedulerState state) {
    Scheduler scheduler = new Scheduler(state);
    scheduler.decode();
    scheduler.gatherPrefills();
    scheduler.admit();
    scheduler.prefill();
    return new StepPlan(scheduler.preempted, scheduler.admitted, scheduler.chunks);
  }

  private void decode() {
    for (int i = 0; i < survivors; i++) {
      Sequence sequence = state.running().get(i);
      if (sequence.pending() == 1) {
        int newBlocks = limits.blocksFor(sequence.length()) - sequence.blocks();
        while (newBlocks > availableBlocks && survivors - 1 > i) {
          preemptMostJunior();
        }
        if (newBlocks <= availableBlocks) {
          availableBlocks -= newBlocks;
          compute(sequence, 1, newBlocks);
        }
      }
    }
  }

  /** The victim is junior to the sequence in turn, so nothing is planned for it yet. */
  private void preemptMostJunior() {
    survivors--;
    Sequence victim = state.running().get(survivors);
    preempted.add(victim.id());
    availableBlocks += victim.exclusive();
  }

  private void gatherPrefills() {
    for (Sequence sequence : state.running().subList(0, survivors)) {
      if (sequence.pending() > 1) {
        startPrefill(sequence);
      }
    }
  }

  private void startPrefill(Sequence sequence) {
    prefills.computeIfAbsent(sequence.namespace(), _ -> new ArrayList<>()).add(sequence);
    inPrefill.add(sequence.id());
  }

  private void admit() {
    // Blocks are short just now: what was preempted comes back first, in a later step.
    if (!preempted.isEmpty()) {
      return;
    }
    for (Sequence sequence : state.preempted()) {
      if (!hasRoomFor(sequence)) {
        return;
      }
      admit(sequence);
    }
    Deque<Deque<Sequence>> turns = new ArrayDeque<>();
    state.queues().forEach(queue -> turns.addLast(new ArrayDeque<>(queue)));
    while (!turns.isEmpty()) {
      Deque<Sequence> queue = turns.removeFirst();
      Sequence sequence = queue.peekFirst();
      // A queue that is passed over here has something in prefill, and keeps its turn.
      if (sequence != null && !isHeld(sequence) && isTokenLeftFor(sequence.namespace())) {
        if (!hasRoomFor(sequence)) {
          return;
        }
        admit(sequence);
        queue.removeFirst();
        turns.addLast(queue);
      }
    }
  }

  private boolean isHeld(Sequence sequence) {
    return inPrefill.contains(sequence.awaits());
  }

  private boolean isTokenLeftFor(String namespace) {
    return !prefills.containsKey(namespace)
        || prefills.values().stream().mapToLong(this::demand).sum() < freeTokens;
  }

  private long demand(List<Sequence> sequences) {
    return sequences.stream().filter(s -> !isHeld(s)).mapToLong(Sequence::pending).sum();
  }

  private boolean hasRoomFor(Sequence sequence) {
    int running = survivors + admitted.size();
    return running < limits.maxRunning() && taken(sequence) + running <= availableBlocks;
  }

  /** By how many blocks fewer are available when it has a place. */
  private int taken(Sequence sequence) {
    return limits.blocksFor(sequence.length()) - sequence.blocks() + sequence.exclusive();
  }

  private void admit(Sequence sequence) {
    int newBlocks = limits.blocksFor(sequence.length()) - sequence.blocks();
    availableBlocks -= taken(sequence);
    admitted.add(new Admission(sequence.id(), newBlocks));
    startPrefill(sequence);
  }

  private void prefill() {
    List<List<Sequence>> leastFirst = new ArrayList<>(prefills.values());
    leastFirst.sort(Comparator.comparingLong(this::demand));
    int namespaces = leastFirst.size();
    for (List<Sequence> sequences : leastFirst) {
      int share = freeTokens / namespaces--;
      for (Sequence sequence : sequences) {
        int tokens = isHeld(sequence) ? 0 : Math.min(sequence.pending(), share);
        if (tokens > 0) {
          share -= tokens;
          compute(sequence, tokens, 0);
        }
      }
    }
  }

  private void compute(Sequence sequence, int tokens, int newBlocks) {
    freeTokens -= tokens;
    boolean samples = tokens == sequence.pending();
    chunks.add(new Chunk(sequence.id(), sequence.computed(), tokens, newBlocks, samples));
  }
}
