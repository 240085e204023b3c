package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.speculation.Speculator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is computed and what is found, seen from outside; blocks of 4 tokens, 16 of them. */
class PrefixSharingTest {
  private static final int[] PROMPT = IntStream.range(2, 22).toArray();
  private static final EngineOptions OPTIONS = new EngineOptions(8, 100, 16);

  private int computedTokens;
  private final Stepper stepper =
      new Stepper(
          new HashDecoder(
              LetterTokenizer.SIZE,
              64,
              4,
              16,
              64,
              batch -> computedTokens += batch.tokens().length),
          new LetterTokenizer(),
          OPTIONS,
          new Speculator(new Speculation.Off().drafter(new LetterTokenizer(), () -> 0), () -> 0),
          _ -> {});
  private long nextId;

  @Test
  void aSecondRequestFindsAllFullBlocksButTheLastToken() throws Exception {
    assertThat(run(add("a", 1, PROMPT)).cachedPromptTokens()).isZero();
    computedTokens = 0;
    assertThat(run(add("a", 1, PROMPT)).cachedPromptTokens()).isEqualTo(16);
    assertThat(computedTokens).isEqualTo(4);
    assertThat(statistics().promptTokens()).isEqualTo(40);
    assertThat(statistics().cachedPromptTokens()).isEqualTo(16);
    assertThat(statistics().kvBlocksUsed()).isZero();
    assertThat(statistics().kvBlocksCached()).isEqualTo(5);
  }

  @Test
  void anAnswerIsFoundByTheRequestThatContinuesIt() throws Exception {
    Answer.Collector first = run(add("a", 8, PROMPT));
    int[] longer = Arrays.copyOf(PROMPT, 30);
    for (int i = 0; i < 8; i++) {
      longer[20 + i] = first.answer().tokens().get(i);
    }
    // The eighth token's keys and values were never computed.
    assertThat(run(add("a", 1, longer)).cachedPromptTokens()).isEqualTo(24);
  }

  @Test
  void anotherNamespaceFindsNothing() throws Exception {
    run(add("a", 1, PROMPT));
    assertThat(run(add("b", 1, PROMPT)).cachedPromptTokens()).isZero();
  }

  @Test
  void requestsThatComeTogetherComputeTheirCommonBeginningOnce() throws Exception {
    List<ActiveSequence> choices = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      choices.add(add("a", 1, PROMPT));
    }
    stepper.step(0);
    stepper.step(0);
    // 16 tokens of the first; its last four, then the last four of three others.
    assertThat(computedTokens).isEqualTo(16 + 4 + 3 * 4);
    List<Integer> cached = new ArrayList<>();
    for (ActiveSequence choice : choices) {
      Answer.Collector collector = run(choice);
      assertThat(collector.answer()).isEqualTo(Answer.expected(choice.request(), 64));
      cached.add(collector.cachedPromptTokens());
    }
    assertThat(cached).containsExactly(0, 16, 16, 16, 16, 16);
    assertThat(computedTokens).isEqualTo(20 + 5 * 4);
  }

  @Test
  void choicesOfOnePromptShareItsBlocksAndGoTheirOwnWays() throws Exception {
    int[] prompt = Arrays.copyOf(PROMPT, 16);
    List<ActiveSequence> choices = new ArrayList<>();
    for (int choice = 0; choice < 3; choice++) {
      SamplingParameters sampling = new SamplingParameters(1, 1, 0, 0, 0, 0, Map.of(), 7, choice);
      choices.add(add(request("a", 9, sampling, prompt)));
    }
    for (int i = 0; i < 4; i++) {
      stepper.step(0);
    }
    // Three full blocks are common; the fourth was matched up to its last token only, and then
    // found to be equal. Each has a block of its own for its answer.
    assertThat(statistics().kvBlocksUsed()).isEqualTo(4 + 3);
    List<List<Integer>> answers = new ArrayList<>();
    for (ActiveSequence choice : choices) {
      Answer answer = run(choice).answer();
      assertThat(answer).isEqualTo(Answer.expected(choice.request(), 64));
      answers.add(answer.tokens());
    }
    assertThat(answers).doesNotHaveDuplicates();
  }

  @Test
  void whatIsCachedMakesRoomForWhatRuns() throws Exception {
    run(add("a", 1, PROMPT));
    run(add("b", 1, PROMPT));
    run(add("c", 1, PROMPT));
    assertThat(statistics().kvBlocksCached()).isEqualTo(15);
    ActiveSequence large = add("d", 44, PROMPT);
    assertThat(run(large).answer()).isEqualTo(Answer.expected(large.request(), 64));
    // All 16 blocks but the one whose last token was not computed.
    assertThat(statistics().kvBlocksCached()).isEqualTo(15);
    assertThat(run(add("a", 1, PROMPT)).cachedPromptTokens()).isZero();
  }

  @Test
  void aPreemptedSequenceFindsItsOwnBlocksAgainAndThatIsNoCacheHit() throws Exception {
    int[] other = IntStream.range(22, 42).toArray();
    ActiveSequence first = add("a", 40, PROMPT);
    ActiveSequence second = add("a", 40, other);
    assertThat(run(first).answer()).isEqualTo(Answer.expected(first.request(), 64));
    Answer.Collector answer = run(second);
    assertThat(answer.answer()).isEqualTo(Answer.expected(second.request(), 64));
    assertThat(answer.cachedPromptTokens()).isZero();
    assertThat(statistics().preempted()).isPositive();
  }

  @Test
  void aCrowdOfOneNamespaceDoesNotDelayTheOneOfAnother() throws Exception {
    for (int i = 0; i < 90; i++) {
      add("crowd", 3, 2 + i % 40, 3, 4);
    }
    stepper.step(0);
    ActiveSequence single = add("single", 3, 5, 6, 7);
    for (int i = 0; i < 6; i++) {
      stepper.step(0);
    }
    assertThat(Answer.read(single.mailbox()).tokens()).hasSize(3);
    assertThat(statistics().waiting()).isGreaterThan(60);
  }

  private EngineStatistics statistics() {
    return stepper.statistics(State.SERVING);
  }

  private ActiveSequence add(String namespace, int maxTokens, int... prompt) {
    return add(request(namespace, maxTokens, SamplingParameters.GREEDY, prompt));
  }

  private ActiveSequence add(GenerationRequest request) {
    ActiveSequence sequence = new ActiveSequence(nextId++, request, request.maxTokens());
    stepper.add(sequence);
    return sequence;
  }

  private static GenerationRequest request(
      String namespace, int maxTokens, SamplingParameters sampling, int... prompt) {
    return new GenerationRequest(
        namespace, prompt, maxTokens, sampling, List.of(), -1, true, Long.MAX_VALUE);
  }

  /** Steps until all is done, and reads one answer. */
  private Answer.Collector run(ActiveSequence sequence) throws InterruptedException {
    while (stepper.hasWork()) {
      stepper.step(0);
      stepper.checkIntegrity();
    }
    Answer.Collector collector = new Answer.Collector();
    while (!collector.take(sequence.mailbox().next())) {}
    return collector;
  }
}
