package io.yuntai.engine.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.Engine;
import io.yuntai.engine.EngineOptions;
import io.yuntai.engine.EngineStatistics;
import io.yuntai.engine.EngineStatistics.State;
import io.yuntai.engine.GenerationRequest;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.ModelFormatException;
import io.yuntai.engine.TinyModelFile;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.gguf.MetadataValue;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.sampling.SamplingParameters;
import io.yuntai.engine.speculation.DraftModel;
import io.yuntai.engine.speculation.Drafter;
import io.yuntai.engine.speculation.LookupThenModel;
import io.yuntai.engine.speculation.PromptLookup;
import io.yuntai.engine.speculation.Speculation;
import io.yuntai.engine.speculation.Speculator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real decoders, tiny ones: what they say in one batch of drafts is what they say step by step. */
class SpeculationWithModelsTest {
  private static final long SEED = Long.getLong("yuntai.seed", 20_261_122L);
  private static final int CONTEXT = 160;

  @TempDir private Path folder;

  @Test
  void promptLookupChangesNoAnswer() throws Exception {
    EngineStatistics statistics = compare(new PromptLookup());
    assertThat(statistics.acceptedTokens()).isGreaterThan(40);
    assertThat(statistics.draftedTokens()).isGreaterThan(statistics.acceptedTokens());
  }

  @Test
  void aDraftModelThatThinksAlikeChangesNoAnswer() throws Exception {
    EngineStatistics statistics =
        compare(
            new LookupThenModel(
                new DraftModel(open("draft.gguf", 48), LetterTokenizer.SIZE, ticks(1))));
    assertThat(statistics.acceptedTokens()).isGreaterThan(200);
  }

  @Test
  void aDraftModelThatThinksOtherwiseChangesNoAnswer() throws Exception {
    EngineStatistics statistics =
        compare(
            new LookupThenModel(
                new DraftModel(open("draft.gguf", 64), LetterTokenizer.SIZE, ticks(1))));
    assertThat(statistics.draftedTokens()).isGreaterThan(statistics.acceptedTokens());
  }

  /** Alone or in a crowd, with drafts or without, after a prompt that is cached or new. */
  @Test
  void answersUnderGrammarsAreTheSame() throws Exception {
    TokenMasks masks =
        TokenMasks.of(
            new LetterTokenizer() {
              @Override
              public int vocabularySize() {
                return TinyModelFile.VOCABULARY; // the model has no more
              }
            });
    List<Grammar> grammars =
        List.of(
            Grammar.regex("([é水]|hello|[a-f]{2,5}world)+z"),
            Grammar.gbnf("root ::= \"a\" root \"bcdef\" | \"x\"+ | [k-p]"),
            Grammar.choice(List.of("abcdefghijklmnop", "abcdefgxyz", "qrs")));
    List<GenerationRequest> free = requests();
    List<GenerationRequest> held = new ArrayList<>();
    for (int i = 0; i < free.size(); i += 4) {
      List<GenerationRequest> four = new ArrayList<>();
      for (int j = i; j < i + 4; j++) {
        four.add(free.get(j).under(masks.start(grammars.get(j % grammars.size()))));
      }
      // And again, when the prompts' blocks are cached.
      held.addAll(four);
      held.addAll(four);
    }
    List<Answer> expected = new ArrayList<>();
    EngineStatistics statistics = compare(new PromptLookup(), held, expected);
    assertThat(statistics.acceptedTokens()).isGreaterThan(100);
    assertThat(statistics.cachedPromptTokens()).isPositive();
    for (int i = 0; i < held.size(); i += 8) {
      for (int j = i; j < i + 4; j++) {
        assertThat(expected.get(j + 4).tokens()).isEqualTo(expected.get(j).tokens());
        assertThat(expected.get(j + 4).text()).isEqualTo(expected.get(j).text());
      }
    }
  }

  @Test
  void aDraftModelOfAnotherVocabularyIsRefused() throws Exception {
    Speculation.Model other =
        new Speculation.Model(
            open("draft.gguf", 48),
            new LetterTokenizer() {
              @Override
              public byte[] bytes(int id, boolean special) {
                return super.bytes(id == 7 ? 8 : id, special);
              }

              @Override
              public String spelling(int id) {
                return id == 7 ? "g" : super.spelling(id);
              }
            });
    try (Decoder decoder = open("model.gguf", 48);
        Decoder _ = other.decoder()) {
      assertThatThrownBy(
              () -> Engine.start(decoder, new LetterTokenizer(), EngineOptions.DEFAULTS, other))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "token 7 is 'g' in the draft model, but '<7>' in the model; a draft model must have the same vocabulary");
    }
  }

  /** Answers a random crowd with and without drafts. */
  private EngineStatistics compare(Drafter drafter) throws Exception {
    return compare(drafter, requests(), new ArrayList<>());
  }

  private EngineStatistics compare(
      Drafter drafter, List<GenerationRequest> requests, List<Answer> expected) throws Exception {
    try (Decoder decoder = open("model.gguf", 48)) {
      Stepper plain =
          stepper(decoder, new Speculation.Off().drafter(new LetterTokenizer(), ticks(1)));
      for (GenerationRequest request : requests) {
        expected.addAll(answers(plain, List.of(request), 0));
      }
      assertThat(plain.statistics(State.SERVING).draftedTokens()).isZero();
    }
    try (Decoder decoder = open("model.gguf", 48)) {
      Stepper drafted = stepper(decoder, drafter);
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < requests.size(); i += 4) {
        answers.addAll(answers(drafted, requests.subList(i, i + 4), i));
      }
      for (int i = 0; i < requests.size(); i++) {
        assertThat(answers.get(i)).as("seed %d, request %d", SEED, i).isEqualTo(expected.get(i));
      }
      return drafted.statistics(State.SERVING);
    } finally {
      drafter.close();
    }
  }

  private static List<Answer> answers(Stepper stepper, List<GenerationRequest> requests, int id)
      throws InterruptedException {
    List<ActiveSequence> sequences = new ArrayList<>();
    for (GenerationRequest request : requests) {
      int most = Math.min(request.maxTokens(), CONTEXT - request.prompt().length);
      sequences.add(new ActiveSequence(id + sequences.size(), request, most));
      stepper.add(sequences.getLast());
    }
    while (stepper.hasWork()) {
      stepper.step(0);
      stepper.checkIntegrity();
    }
    List<Answer> answers = new ArrayList<>();
    for (ActiveSequence sequence : sequences) {
      answers.add(Answer.read(sequence.mailbox()));
    }
    return answers;
  }

  /** Prompts that repeat themselves, for half of the requests up to the context's very end. */
  private static List<GenerationRequest> requests() {
    Random random = new Random(SEED);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int period = 2 + random.nextInt(20);
      int[] words = random.ints(period, 2, TinyModelFile.VOCABULARY).toArray();
      int[] prompt = new int[1 + random.nextInt(100)];
      for (int j = 0; j < prompt.length; j++) {
        prompt[j] = words[j % period];
      }
      requests.add(
          new GenerationRequest(
              prompt,
              random.nextBoolean() ? CONTEXT : 1 + random.nextInt(40),
              new SamplingParameters(
                  random.nextInt(3) > 0 ? 0 : random.nextDouble(0.05, 1.5),
                  random.nextBoolean() ? 1 : 0.9,
                  random.nextBoolean() ? 0 : 5,
                  0,
                  random.nextInt(4) > 0 ? 0 : 0.5,
                  random.nextInt(4) > 0 ? 0 : -0.5,
                  random.nextBoolean() ? Map.of() : Map.of(5, 1.5),
                  random.nextLong(),
                  0),
              random.nextBoolean() ? List.of() : List.of("ab", "zz", "hih"),
              random.nextInt(4) - 1,
              random.nextInt(4) > 0,
              Long.MAX_VALUE));
    }
    return requests;
  }

  private static Stepper stepper(Decoder decoder, Drafter drafter) {
    return new Stepper(
        decoder,
        new LetterTokenizer(),
        new EngineOptions(4, 10, 64),
        new Speculator(drafter, ticks(20)),
        _ -> {});
  }

  /** A clock that goes on by so much whenever it is read. */
  private static LongSupplier ticks(long by) {
    AtomicLong now = new AtomicLong();
    return () -> now.addAndGet(by);
  }

  /**
   * @param feedForward decides, with the seed of the file's weights, what the model thinks
   */
  private Decoder open(String name, int feedForward) throws IOException {
    TinyModelFile file = new TinyModelFile();
    file.metadata.put("llama.context_length", MetadataValue.uint32(CONTEXT));
    file.metadata.put("llama.feed_forward_length", MetadataValue.uint32(feedForward));
    file.tensors.put("blk.0.ffn_gate.weight", new long[] {TinyModelFile.WIDTH, feedForward});
    file.tensors.put("blk.0.ffn_up.weight", new long[] {TinyModelFile.WIDTH, feedForward});
    file.tensors.put("blk.0.ffn_down.weight", new long[] {feedForward, TinyModelFile.WIDTH});
    return LoadedModel.open(
            file.write(folder.resolve(name)),
            new LoadOptions(CONTEXT, 4 * CONTEXT, KvCache.Format.F32, 1))
        .decoder();
  }
}
