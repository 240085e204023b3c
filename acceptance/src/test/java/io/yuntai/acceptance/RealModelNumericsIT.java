package io.yuntai.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.ChatPrompt;
import io.yuntai.engine.LoadOptions;
import io.yuntai.engine.LoadedModel;
import io.yuntai.engine.PromptEncoder;
import io.yuntai.engine.decoder.Decoder;
import io.yuntai.engine.kernel.KvCache;
import io.yuntai.engine.template.JinjaTemplate;
import io.yuntai.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models, judged by the ideal: their own weights in F32 arithmetic. */
class RealModelNumericsIT {
  /** Two tokens nearer than this are a tie that quantised activations may break either way. */
  private static final double TIE_NATS = 0.05;

  private static final int CONTEXT_TOKENS = 256;

  /** The vectors' conversations in their plainest form; the models' own templates add to it. */
  private static final String CHAT_ML =
      "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
          + "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

  @ParameterizedTest
  @ValueSource(strings = {RealModels.QWEN, RealModels.SMOLLM2})
  void textsAndConversationsHaveTheExpectedTokens(String model) throws Exception {
    Tokenizer tokenizer = RealModels.tokenizer(model);
    RealVectors vectors = RealVectors.of(model);
    for (RealVectors.Text text : vectors.texts()) {
      assertThat(tokenizer.encode(text.text(), Tokenizer.SpecialTokens.AS_TEXT))
          .as(text.name())
          .isEqualTo(text.tokens());
    }
    PromptEncoder plain = new PromptEncoder(tokenizer, Optional.of(JinjaTemplate.compile(CHAT_ML)));
    PromptEncoder own = RealModels.prompts(model);
    for (RealVectors.Chat chat : vectors.chats()) {
      ChatPrompt prompt = new ChatPrompt(chat.messages(), List.of(), true, Map.of());
      assertThat(plain.render(prompt)).isEqualTo(chat.rendered());
      assertThat(plain.encodeChat(prompt)).as(chat.rendered()).isEqualTo(chat.tokens());
      assertThat(tokenizer.encode(chat.rendered(), Tokenizer.SpecialTokens.PARSE))
          .isEqualTo(chat.tokens());
      // The models' own templates put a default system message before a conversation without one.
      assertThat(own.render(prompt)).endsWith(chat.rendered());
      assertThat(own.encodeChat(prompt)).endsWith(chat.tokens());
      if (chat.messages().getFirst().get("role") instanceof String role && role.equals("system")) {
        assertThat(own.encodeChat(prompt)).isEqualTo(chat.tokens());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RealModels.QWEN, RealModels.SMOLLM2})
  void meanDivergenceFromTheIdealIsNoLargerThanLlamaCpps(String model) throws Exception {
    List<RealVectors.Text> texts = RealVectors.of(model).texts();
    double ours = 0;
    double llamaCpps = 0;
    try (Decoder decoder = open(model, KvCache.Format.F32)) {
      for (RealVectors.Text text : texts) {
        float[][] logits = new SequenceRun(decoder).append(text.tokens());
        double divergence = Divergence.mean(text.likeliest(), logits);
        System.out.printf(
            "%s, %s: divergence from the ideal %.6f nats, llama.cpp's %.6f%n",
            model, text.name(), divergence, text.llamaCppKl());
        ours += divergence / texts.size();
        llamaCpps += text.llamaCppKl() / texts.size();
      }
    }
    System.out.printf(
        "%s: mean divergence from the ideal %.6f nats, llama.cpp's %.6f%n", model, ours, llamaCpps);
    assertThat(ours).isLessThanOrEqualTo(llamaCpps);
  }

  /**
   * Not so with eight bits for keys and values: this model's key biases leave them few bits, which
   * is why the format has to be asked for (docs/decisions/018-kv-cache-formats.md).
   */
  @ParameterizedTest
  @EnumSource(
      value = KvCache.Format.class,
      names = {"F32", "F16", "BF16"})
  void greedyAnswersAreTheIdealsOrPartAtATie(KvCache.Format keysAndValues) throws Exception {
    try (Decoder decoder = open(RealModels.QWEN, keysAndValues)) {
      for (RealVectors.Chat chat : RealVectors.of(RealModels.QWEN).chats()) {
        assertSameOrTie(decoder, chat);
      }
    }
  }

  private static void assertSameOrTie(Decoder decoder, RealVectors.Chat chat) {
    SequenceRun sequence = new SequenceRun(decoder);
    float[] logits = sequence.appendForLast(chat.tokens());
    int[] answer = chat.answer();
    for (int i = 0; i < answer.length; i++) {
      int chosen = SequenceRun.likeliest(logits);
      if (chosen != answer[i]) {
        assertThat((double) logits[chosen] - logits[answer[i]])
            .as(
                "after %s: token %d in place of %d",
                Arrays.toString(Arrays.copyOf(answer, i)), chosen, answer[i])
            .isLessThan(TIE_NATS);
        return; // From a tie on, the two answers are different texts.
      }
      logits = sequence.appendForLast(chosen);
    }
  }

  private static Decoder open(String model, KvCache.Format keysAndValues)
      throws InterruptedException {
    return LoadedModel.open(
            RealModels.file(model),
            new LoadOptions(CONTEXT_TOKENS, CONTEXT_TOKENS, keysAndValues, 0))
        .decoder();
  }
}
