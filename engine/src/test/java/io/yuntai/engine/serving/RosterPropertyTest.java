package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Admission;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Plays the scheduler's plans through over random crowds of several namespaces, with the real pool
 * and prefix tree, and in the place of a decoder a note of which token was stored where.
 */
class RosterPropertyTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);
  private static final long PLANS = Long.getLong("yuntai.plans", 2_000_000L);

  /**
   * Tables and tree are checked after every step of one crowd in so many, or it would take long.
   */
  private static final int CHECKED_CROWDS = 8;

  @Test
  void everyPlanKeepsTheRulesAndNobodyStarves() {
    Random random = new Random(SEED);
    long plans = 0;
    long preemptions = 0;
    long cachedTokens = 0;
    for (int i = 0; plans < PLANS; i++) {
      Crowd crowd = new Crowd(random, i % CHECKED_CROWDS == 0);
      try {
        crowd.play();
      } catch (IllegalStateException e) {
        throw new AssertionError("seed %d, crowd %d: %s".formatted(SEED, i, crowd.limits), e);
      }
      plans += crowd.step;
      preemptions += crowd.roster.preemptions();
      cachedTokens += crowd.roster.cachedPromptTokens();
    }
    assertThat(preemptions).isGreaterThan(PLANS / 200);
    assertThat(cachedTokens).isGreaterThan(PLANS / 10);
  }

  private static final class Crowd {
    private final Random random;
    private final boolean checked;
    private final Limits limits;
    private final int namespaces;
    private final int longest;
    private final Roster roster;
    private final int[][] stored;

    /** Most positions that layers with a window see; 0 for no such layers. */
    private final int window;

    private final int[][] storedWindow;
    private final Map<Long, Long> dueSteps = new HashMap<>();
    private final Map<String, Integer> queued = new TreeMap<>();
    private final Set<Long> placed = new HashSet<>();

    /** For each namespace that could start something: how often each other one did instead. */
    private final Map<String, Map<String, Integer>> passedBy = new HashMap<>();

    private long nextId;
    private long step;

    Crowd(Random random, boolean checked) {
      this.random = random;
      this.checked = checked;
      int maxBatchTokens = 1 + random.nextInt(64);
      limits =
          new Limits(
              1 + random.nextInt(Math.min(12, maxBatchTokens)),
              maxBatchTokens,
              1 + random.nextInt(16));
      namespaces = 1 + random.nextInt(4);
      int blocks = 1 + random.nextInt(40);
      longest = Math.max(2, Math.min(200, blocks * limits.blockTokens()));
      blocks = Math.max(blocks, limits.blocksFor(longest));
      window = random.nextBoolean() ? 0 : 1 + random.nextInt(40);
      int perSequence = limits.blocksFor(window) + 2;
      int most = limits.maxRunning() * perSequence + limits.blocksFor(maxBatchTokens);
      int windowBlocks = window == 0 ? 0 : Math.min(blocks, most);
      roster = new Roster(limits, new KvStore(blocks, limits.blockTokens(), window, windowBlocks));
      stored = new int[blocks][limits.blockTokens()];
      storedWindow = new int[windowBlocks][limits.blockTokens()];
    }

    void play() {
      int toCome = 1 + random.nextInt(60);
      while (toCome > 0 || !roster.isEmpty()) {
        while (toCome > 0 && random.nextInt(4) == 0) {
          arrive();
          toCome--;
        }
        cancelSometimes();
        SchedulerState state = roster.state();
        StepPlan plan = Scheduler.plan(state);
        checkRules(state, plan);
        checkTurns(state, plan);
        carryOut(plan);
        if (checked) {
          roster.checkIntegrity();
        }
        step++;
      }
      roster.checkIntegrity();
      require(roster.store().available() == roster.store().blocks(), "no block leaks");
      // What is cached in the tree may keep its windows; nothing else may.
      roster.store().grow(new KvTable(), roster.store().blocks());
      require(roster.store().windows().free() == storedWindow.length, "no block of a window leaks");
    }

    private void arrive() {
      int most = longest - 1;
      int[] prompt =
          random.ints(1 + random.nextInt(1 + most / (1 + random.nextInt(6))), 0, 9).toArray();
      prompt = Arrays.copyOf(prompt, Math.min(prompt.length, most));
      Arrays.fill(prompt, 0, random.nextInt(prompt.length + 1), 1);
      String namespace = "namespace " + random.nextInt(namespaces);
      int tokens = 1 + random.nextInt(longest - prompt.length);
      GenerationRequest request =
          new GenerationRequest(
              namespace,
              prompt,
              tokens,
              SamplingParameters.GREEDY,
              List.of(),
              -1,
              true,
              Long.MAX_VALUE);
      roster.add(new ActiveSequence(nextId, request, tokens));
      // All that have begun end within so many steps. A namespace is passed over at most so long,
      // for its own prefill, and then waited for at most so long; and so for each turn before.
      long crowdSteps = (long) limits.maxRunning() * longest;
      int turns = queued.merge(namespace, 1, Integer::sum) * namespaces;
      dueSteps.put(nextId++, step + (2L * turns + 1) * crowdSteps);
    }

    private void cancelSometimes() {
      if (random.nextInt(50) == 0 && !roster.isEmpty()) {
        List<ActiveSequence> all = roster.all();
        end(all.get(random.nextInt(all.size())));
      }
    }

    private void end(ActiveSequence sequence) {
      if (!placed.remove(sequence.id())) {
        leaveQueue(sequence);
      }
      dueSteps.remove(sequence.id());
      roster.remove(sequence);
    }

    private void leaveQueue(ActiveSequence sequence) {
      queued.merge(sequence.namespace(), -1, (count, change) -> count == 1 ? null : count + change);
    }

    private void checkRules(SchedulerState state, StepPlan plan) {
      require(plan.tokens() <= limits.maxBatchTokens(), "the token budget is kept");
      require(!plan.chunks().isEmpty() || roster.isEmpty(), "a step with work computes something");
      require(
          plan.preempted().isEmpty() || plan.admitted().isEmpty(),
          "nothing is admitted while blocks are short");
      Set<Long> computed = new HashSet<>();
      for (Chunk chunk : plan.chunks()) {
        require(computed.add(chunk.id()), "one chunk per sequence");
      }
      int survivors = state.running().size() - plan.preempted().size();
      for (Sequence victim : state.running().subList(survivors, state.running().size())) {
        require(!computed.contains(victim.id()), "what is preempted is not computed");
      }
      for (int i = 0; i < survivors; i++) {
        Sequence sequence = state.running().get(i);
        boolean isComputed = computed.contains(sequence.id());
        require(isComputed || i > 0, "the most senior is computed");
        require(
            isComputed || sequence.pending() > 1 || i == survivors - 1,
            "all but the most junior decode");
      }
      for (String namespace : prefilling(state, plan)) {
        require(
            state.running().subList(0, survivors).stream()
                .filter(s -> s.namespace().equals(namespace))
                .anyMatch(s -> computed.contains(s.id())),
            "each namespace's prefill goes on");
      }
    }

    private Set<String> prefilling(SchedulerState state, StepPlan plan) {
      int survivors = state.running().size() - plan.preempted().size();
      Set<String> prefilling = new HashSet<>();
      for (Sequence sequence : state.running().subList(0, survivors)) {
        if (sequence.pending() > 1) {
          prefilling.add(sequence.namespace());
        }
      }
      return prefilling;
    }

    private void checkTurns(SchedulerState state, StepPlan plan) {
      Set<String> busy = prefilling(state, plan);
      Map<Long, String> namespaceOf = new HashMap<>();
      roster.all().forEach(sequence -> namespaceOf.put(sequence.id(), sequence.namespace()));
      for (Admission admission : plan.admitted()) {
        String admitted = namespaceOf.get(admission.id());
        if (!placed.contains(admission.id())) {
          for (String other : queued.keySet()) {
            if (!other.equals(admitted) && !busy.contains(other)) {
              int times =
                  passedBy
                      .computeIfAbsent(other, _ -> new HashMap<>())
                      .merge(admitted, 1, Integer::sum);
              require(times == 1, "nobody gets two turns while another waits for one");
            }
          }
          passedBy.remove(admitted);
        }
        busy.add(admitted);
      }
      passedBy.keySet().removeIf(name -> !queued.containsKey(name) || busy.contains(name));
    }

    private void carryOut(StepPlan plan) {
      List<ActiveSequence> sequences = roster.carryOut(plan);
      for (ActiveSequence sequence : roster.running()) {
        if (placed.add(sequence.id())) {
          leaveQueue(sequence);
        }
      }
      require(placed.size() <= limits.maxRunning(), "what began and has not ended has a place");
      for (int i = 0; i < sequences.size(); i++) {
        compute(sequences.get(i), plan.chunks().get(i));
      }
    }

    private void compute(ActiveSequence sequence, Chunk chunk) {
      require(chunk.tokens() >= 1 && chunk.newBlocks() >= 0, "a chunk adds something");
      require(
          chunk.first() + chunk.tokens() <= sequence.length(), "only known tokens are computed");
      for (int at = chunk.first(); at < chunk.first() + chunk.tokens(); at++) {
        int block = sequence.table().blocks()[at / limits.blockTokens()];
        stored[block][at % limits.blockTokens()] = sequence.token(at);
      }
      computeWindow(sequence, chunk);
      boolean last = chunk.first() + chunk.tokens() == sequence.length();
      require(chunk.samples() == last, "the last token samples");
      if (last) {
        checkStored(sequence);
        sequence.append(random.nextInt(3));
      }
      roster.computed(sequence, chunk.tokens());
      if (sequence.remainingTokens() == 0) {
        require(
            step < dueSteps.getOrDefault(sequence.id(), 0L),
            "everyone is done in the time that was computed");
        end(sequence);
      }
    }

    /** What layers with a window would read for the first token, then what all of them write. */
    private void computeWindow(ActiveSequence sequence, Chunk chunk) {
      if (window == 0) {
        return;
      }
      for (int at = Math.max(0, chunk.first() - window + 1); at < chunk.first(); at++) {
        int block = sequence.table().window()[at / limits.blockTokens()];
        require(block >= 0, "what a token sees is in the cache");
        require(
            storedWindow[block][at % limits.blockTokens()] == sequence.token(at),
            "a window's block holds what its sequence stored there");
      }
      roster.store().windows().cover(sequence.table(), chunk.first(), chunk.tokens());
      for (int at = chunk.first(); at < chunk.first() + chunk.tokens(); at++) {
        int block = sequence.table().window()[at / limits.blockTokens()];
        storedWindow[block][at % limits.blockTokens()] = sequence.token(at);
      }
    }

    /** What a decoder would read: shared, its own, found and computed tokens alike. */
    private void checkStored(ActiveSequence sequence) {
      for (int at = 0; at < sequence.length(); at++) {
        int block = sequence.table().blocks()[at / limits.blockTokens()];
        require(
            stored[block][at % limits.blockTokens()] == sequence.token(at),
            "a block holds what its sequence stored there");
      }
    }

    private static void require(boolean holds, String rule) {
      if (!holds) {
        throw new IllegalStateException("broken rule: " + rule);
      }
    }
  }
}
