package io.yuntai.server.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.grammar.Grammar;
import io.yuntai.engine.grammar.TokenMasks;
import io.yuntai.engine.grammar.TokenState;
import io.yuntai.server.output.OutputReader.Start;
import io.yuntai.server.testing.ByteTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallSpellingTest {
  private static final long SEED = Long.getLong("yuntai.seed", System.nanoTime());

  /**
   * Whatever an answer that must call may be, it is read as calls of the tools and nothing else.
   */
  @Test
  void whatIsHeldToBeCallsIsReadAsCalls() throws Exception {
    Grammar object = Grammar.choice(List.of("{}", "{\"a\": [1, \"}\"]}", "{\"b\": {}}"));
    Map<String, Grammar> tools = Map.of("add", object, "add2", object);
    Random random = new Random(SEED);
    TokenMasks masks = TokenMasks.of(new ByteTokenizer());
    for (CallSyntax syntax :
        List.of(
            CallSyntax.HERMES,
            CallSyntax.LLAMA,
            CallSyntax.MISTRAL,
            CallSyntax.DEEPSEEK,
            CallSyntax.DEEPSEEK_FENCED)) {
      for (boolean parallel : new boolean[] {false, true}) {
        Grammar answers = syntax.answers(tools, true, parallel, false);
        for (int trial = 0; trial < 100; trial++) {
          String text = walk(masks.start(answers), random);
          OutputReader reader = new OutputReader(Start.ANSWER, Optional.of(syntax), tools.keySet());
          List<OutputPart> parts = new ArrayList<>(reader.append(text));
          parts.addAll(reader.finish());
          assertThat(parts)
              .as("-Dyuntai.seed=%d, %s: %s", SEED, syntax, text)
              .noneMatch(part -> part instanceof OutputPart.Text);
          assertThat(reader.calls()).isPositive();
          if (!parallel) {
            assertThat(reader.calls()).isEqualTo(1);
          }
        }
      }
    }
  }

  /** Where calls are free, a fenced one is held like any other, and other fences are not. */
  @Test
  void fencedCallsAreHeldToo() throws Exception {
    Grammar object = Grammar.choice(List.of("{}", "{\"a\": 1}"));
    Grammar answers =
        CallSyntax.HERMES.answers(Map.of("add", object, "sub", object), false, true, false);
    String call = "```json\n{\n  \"name\": \"add\",\n  \"arguments\": {\"a\": 1}\n}\n```";
    for (String text :
        List.of(
            call,
            call + "\n" + call,
            "",
            "Well.",
            "```json\n{\"name\": \"Ada\", \"arguments\": 7}\n```",
            "```java\n```",
            "Like " + call.replace("1", "2"),
            "```json\n[]\n```\n<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>")) {
      assertThat(takes(answers, text)).as(text).isTrue();
    }
    for (String text :
        List.of(
            call.replace("1", "2"),
            call.replace("}\n}", "}"),
            "<tool_call>\n{\"name\": \"add\", \"arguments\": 7}\n</tool_call>")) {
      assertThat(takes(answers, text)).as(text).isFalse();
    }
  }

  private static boolean takes(Grammar grammar, String text) {
    return grammar.match(text.getBytes(StandardCharsets.UTF_8)).complete();
  }

  private static String walk(TokenState start, Random random) {
    TokenState state = start;
    long[] mask = new long[(state.vocabularySize() + 63) / 64];
    byte[] bytes = new byte[100_000];
    int length = 0;
    while (!state.isFinal()) {
      state.mask(mask);
      List<Integer> allowed = new ArrayList<>();
      for (int b = 0; b < 256; b++) {
        if ((mask[b >> 6] >> b & 1) != 0) {
          allowed.add(b);
        }
      }
      int next = allowed.get(random.nextInt(allowed.size()));
      bytes[length++] = (byte) next;
      state = state.accept(next);
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
