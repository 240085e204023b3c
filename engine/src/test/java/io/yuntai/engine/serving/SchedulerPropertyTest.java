package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.serving.SchedulerState.Limits;
import io.yuntai.engine.serving.SchedulerState.Sequence;
import io.yuntai.engine.serving.StepPlan.Chunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Plays the scheduler's plans through over random crowds, on counts alone. */
class SchedulerPropertyTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);
  private static final long STATES = Long.getLong("yuntai.states", 2_000_000L);

  @Test
  void everyPlanKeepsTheRulesAndNobodyStarves() {
    Random random = new Random(SEED);
    long states = 0;
    long preemptions = 0;
    for (int i = 0; states < STATES; i++) {
      Crowd crowd = new Crowd(random);
      try {
        crowd.play();
      } catch (IllegalStateException e) {
        throw new AssertionError("seed %d, crowd %d: %s".formatted(SEED, i, crowd.limits), e);
      }
      states += crowd.step;
      preemptions += crowd.preemptions;
    }
    assertThat(preemptions).isGreaterThan(STATES / 200);
  }

  /** One sequence, as far as counts go. */
  private static final class Member {
    final long id;
    final int most;
    final long dueStep;
    int length;
    int computed;
    int blocks;

    Member(long id, int prompt, int most, long dueStep) {
      this.id = id;
      this.most = most;
      this.dueStep = dueStep;
      this.length = prompt;
    }

    Sequence view() {
      return new Sequence(id, length, computed, blocks);
    }
  }

  private static final class Crowd {
    private final Random random;
    private final Limits limits;
    private final int totalBlocks;
    private final int longest;
    private final List<Member> running = new ArrayList<>();
    private final List<Member> waiting = new ArrayList<>();
    private int freeBlocks;
    private long nextId;
    private long step;
    private long preemptions;

    Crowd(Random random) {
      this.random = random;
      int maxBatchTokens = 1 + random.nextInt(64);
      limits =
          new Limits(
              1 + random.nextInt(Math.min(12, maxBatchTokens)),
              maxBatchTokens,
              1 + random.nextInt(16));
      totalBlocks = 1 + random.nextInt(40);
      freeBlocks = totalBlocks;
      longest = Math.max(2, Math.min(200, totalBlocks * limits.blockTokens()));
    }

    void play() {
      int toCome = 1 + random.nextInt(60);
      while (toCome > 0 || !running.isEmpty() || !waiting.isEmpty()) {
        while (toCome > 0 && random.nextInt(4) == 0) {
          arrive();
          toCome--;
        }
        SchedulerState state =
            new SchedulerState(
                limits,
                freeBlocks,
                running.stream().map(Member::view).toList(),
                waiting.stream().map(Member::view).toList());
        StepPlan plan = Scheduler.plan(state);
        check(state, plan);
        carryOut(plan);
        step++;
      }
      require(freeBlocks == totalBlocks, "all blocks are free at the end");
    }

    /** Due when all that is older, and then it itself, has been computed a token at a time. */
    private void arrive() {
      long work = longest;
      for (List<Member> members : List.of(running, waiting)) {
        for (Member member : members) {
          work += member.most;
        }
      }
      int prompt = 1 + random.nextInt(Math.max(1, (longest - 1) / (1 + random.nextInt(6))));
      int most = Math.min(longest, prompt + 1 + random.nextInt(longest));
      waiting.add(new Member(nextId++, prompt, Math.max(most, prompt + 1), step + work));
    }

    private void check(SchedulerState state, StepPlan plan) {
      require(plan.tokens() <= limits.maxBatchTokens(), "the token budget is kept");
      Set<Long> seen = new HashSet<>();
      for (Chunk chunk : plan.chunks()) {
        require(seen.add(chunk.id()), "one chunk per sequence");
      }
      int survivors = running.size() - plan.preempted().size();
      for (int i = 0; i < plan.preempted().size(); i++) {
        Member victim = running.get(running.size() - 1 - i);
        require(victim.id == plan.preempted().get(i), "the youngest are preempted");
        require(!seen.contains(victim.id), "what is preempted is not computed");
      }
      for (int i = 0; i < plan.admitted().size(); i++) {
        require(waiting.get(i).id == plan.admitted().get(i), "the oldest are admitted");
        require(seen.contains((long) plan.admitted().get(i)), "what is admitted is computed");
      }
      require(survivors + plan.admitted().size() <= limits.maxRunning(), "the places are kept");
      require(
          plan.preempted().isEmpty() || plan.admitted().isEmpty(),
          "nothing is admitted while blocks are short");
      require(
          (state.running().isEmpty() && state.waiting().isEmpty()) || !plan.chunks().isEmpty(),
          "a step with work computes something");
      checkNobodyIsPassedOver(seen, survivors);
    }

    private void checkNobodyIsPassedOver(Set<Long> computed, int survivors) {
      boolean prefillWaits = false;
      boolean prefillRuns = false;
      for (int i = 0; i < survivors; i++) {
        Member member = running.get(i);
        boolean isComputed = computed.contains(member.id);
        if (member.length - member.computed == 1) {
          require(isComputed || i == survivors - 1, "all but the youngest decode");
        } else {
          prefillWaits = true;
          prefillRuns |= isComputed;
        }
        require(isComputed || i > 0, "the oldest is computed");
      }
      require(!prefillWaits || prefillRuns, "some prefill goes on");
    }

    private void carryOut(StepPlan plan) {
      for (int i = 0; i < plan.preempted().size(); i++) {
        Member victim = running.removeLast();
        freeBlocks += victim.blocks;
        victim.blocks = 0;
        victim.computed = 0;
        waiting.addFirst(victim);
        preemptions++;
      }
      for (int i = 0; i < plan.admitted().size(); i++) {
        running.addLast(waiting.removeFirst());
      }
      boolean decoding = true;
      for (Chunk chunk : plan.chunks()) {
        Member member =
            running.stream().filter(one -> one.id == chunk.id()).findFirst().orElseThrow();
        boolean decode = chunk.tokens() == 1 && member.length - member.computed == 1;
        require(decoding || !decode || member.computed == 0, "decodes come first");
        decoding &= decode;
        compute(member, chunk);
      }
      int held = running.stream().mapToInt(member -> member.blocks).sum();
      require(held + freeBlocks == totalBlocks, "the sum of blocks is constant");
    }

    private void compute(Member member, Chunk chunk) {
      require(chunk.first() == member.computed && chunk.tokens() >= 1, "chunks follow each other");
      require(chunk.newBlocks() >= 0, "blocks are only added");
      freeBlocks -= chunk.newBlocks();
      member.blocks += chunk.newBlocks();
      require(freeBlocks >= 0, "only free blocks are given out");
      member.computed += chunk.tokens();
      require(member.computed <= member.length, "only known tokens are computed");
      require(limits.blocksFor(member.computed) <= member.blocks, "each position has a block");
      require(chunk.samples() == (member.computed == member.length), "the last token samples");
      if (chunk.samples()) {
        member.length++;
        if (member.length == member.most || random.nextInt(200) == 0) {
          running.remove(member);
          freeBlocks += member.blocks;
          require(step < member.dueStep, "everyone is done in the time that was computed");
        }
      }
    }

    private static void require(boolean holds, String rule) {
      if (!holds) {
        throw new IllegalStateException("broken rule: " + rule);
      }
    }
  }
}
