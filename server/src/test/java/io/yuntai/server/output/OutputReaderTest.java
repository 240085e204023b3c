package io.yuntai.server.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.server.output.OutputReader.Start;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputReaderTest {
  private static final long SEED = Long.getLong("yuntai.seed", System.nanoTime());
  private static final Set<String> TOOLS = Set.of("get_weather", "add");
  private static final String ARGS =
      "{\"city\": \"Köln \\\"x\\\" }\", \"n\": [1, {\"a\": -2.5e+3}]}";

  @Test
  void callsOfQwenAndHermes() {
    assertRead(
        CallSyntax.HERMES,
        "Let me see.\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": %s}\n</tool_call>\n<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>"
            .formatted(ARGS),
        "text Let me see.",
        "call get_weather " + ARGS,
        "call add {}");
  }

  @Test
  void callsInAnotherOrderOrWithoutTheirClosingTag() {
    assertRead(
        CallSyntax.HERMES,
        "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"add\"}",
        "call add {\"a\":1}");
  }

  @Test
  void callsOfLlama() {
    assertRead(
        CallSyntax.LLAMA,
        "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": %s}".formatted(ARGS),
        "call get_weather " + ARGS);
    assertRead(
        CallSyntax.LLAMA,
        "\n{\"type\": \"function\", \"name\": \"add\", \"parameters\": {\"a\": 1}}; {\"name\": \"add\", \"parameters\": {}}",
        "call add {\"a\": 1}",
        "call add {}");
    assertRead(CallSyntax.LLAMA, "{\"city\": \"Rome\"}", "text {\"city\": \"Rome\"}");
    assertRead(
        CallSyntax.LLAMA,
        "It is {\"name\": \"add\", \"parameters\": {}}",
        "text It is {\"name\": \"add\", \"parameters\": {}}");
  }

  @Test
  void callsOfMistral() {
    assertRead(
        CallSyntax.MISTRAL,
        "[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": %s, \"id\": \"abcdefghi\"}, {\"name\": \"add\", \"arguments\": {}}]"
            .formatted(ARGS),
        "call get_weather " + ARGS,
        "call add {}");
    assertRead(
        CallSyntax.MISTRAL,
        "Yes.[TOOL_CALLS]add[ARGS]{\"a\": 1}[TOOL_CALLS]get_weather{}",
        "text Yes.",
        "call add {\"a\": 1}",
        "call get_weather {}");
  }

  @Test
  void callsOfDeepSeek() {
    assertRead(
        CallSyntax.DEEPSEEK,
        "Well.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n%s\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
            .formatted(ARGS),
        "text Well.",
        "call get_weather " + ARGS,
        "call add {}");
    assertRead(
        CallSyntax.DEEPSEEK,
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\":1}<｜tool▁call▁end｜><｜tool▁call▁begin｜>add<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        "call add {\"a\":1}",
        "call add {}");
  }

  @Test
  void thoughtsComeBeforeTheAnswer() {
    String answer = "\n<think>\nHm, <b>\n\n</think>\n\nYes. <think> is a tag.";
    assertThat(read(Start.MAYBE_REASONING, null, answer, 1))
        .containsExactly("think Hm, <b>", "text Yes. <think> is a tag.");
    assertThat(read(Start.REASONING, null, "\nHm </think>Yes", 1))
        .containsExactly("think Hm", "text Yes");
    assertThat(read(Start.MAYBE_REASONING, null, " <thin", 1)).containsExactly("text  <thin");
    assertThat(read(Start.REASONING, null, "cut off </th", 1))
        .containsExactly("think cut off </th");
    assertThat(
            read(
                Start.MAYBE_REASONING,
                CallSyntax.HERMES,
                "<think>a</think>\n<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>",
                1))
        .containsExactly("think a", "call add {}");
  }

  @Test
  void whatIsNoCallIsTextToTheCharacter() {
    for (String text :
        List.of(
            "Write\n<tool_call> yourself.\n",
            "<tool_call>\n{\"name\": \"rm_rf\", \"arguments\": {}}\n</tool_call>",
            "<tool_call>\n{\"name\": \"add\", \"arguments\": 5}\n</tool_call>",
            "<tool_call>\n{\"name\": \"add\", \"name\": \"add\"}",
            "<tool_call>{\"name\": \"ad",
            "a <tool_ca",
            " \n ")) {
      assertRead(CallSyntax.HERMES, text, "text " + text);
    }
  }

  @Test
  void aBrokenCallKeepsWhatCameAfterItsBreak() {
    assertRead(
        CallSyntax.HERMES,
        "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": oops}}</tool_call> then",
        "call add {\"a\": ",
        "text oops}}</tool_call> then");
  }

  @Test
  void aBrokenCallDoesNotHideTheNextOne() {
    assertRead(
        CallSyntax.HERMES,
        "<tool_call>no</tool_call><tool_call>{\"name\": \"add\", \"arguments\": {}}</tool_call>",
        "text <tool_call>no</tool_call>",
        "call add {}");
  }

  /** Texts of fragments of all formats: the same parts however the text is cut, and none lost. */
  @Test
  void cutsChangeNothing() {
    List<String> fragments =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "{\"name\": \"add\", ",
            "\"arguments\": {\"a\": 1}}",
            "\"parameters\": {}}",
            "[TOOL_CALLS]",
            "[",
            "add[ARGS]{}",
            "<|python_tag|>",
            "; ",
            "<｜tool▁calls▁begin｜>",
            "<｜tool▁call▁begin｜>",
            "function<｜tool▁sep｜>add\n```json\n{}",
            "\n```<｜tool▁call▁end｜>",
            "<think>",
            "</think>",
            "\n",
            " x ",
            "\"",
            "}",
            "]",
            "<");
    Random random = new Random(SEED);
    for (int trial = 0; trial < 20_000; trial++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(fragments.get(random.nextInt(fragments.size())));
      }
      Start start = List.copyOf(EnumSet.allOf(Start.class)).get(random.nextInt(3));
      CallSyntax syntax =
          List.of(CallSyntax.HERMES, CallSyntax.LLAMA, CallSyntax.MISTRAL, CallSyntax.DEEPSEEK)
              .get(random.nextInt(4));
      List<String> whole = read(start, syntax, text.toString(), Integer.MAX_VALUE);
      for (int size : new int[] {1, 2, 7}) {
        assertThat(read(start, syntax, text.toString(), size))
            .as("-Dyuntai.seed=%d, %s, %s, pieces of %d: %s", SEED, start, syntax, size, text)
            .isEqualTo(whole);
      }
    }
  }

  private static void assertRead(CallSyntax syntax, String text, String... parts) {
    for (int size : new int[] {1, 3, Integer.MAX_VALUE}) {
      assertThat(read(Start.ANSWER, syntax, text, size))
          .as("pieces of %d", size)
          .containsExactly(parts);
    }
  }

  /** Parts of one kind that follow each other, joined. */
  private static List<String> read(
      Start start, @Nullable CallSyntax syntax, String text, int size) {
    OutputReader reader = new OutputReader(start, Optional.ofNullable(syntax), TOOLS);
    List<OutputPart> parts = new ArrayList<>();
    for (int at = 0; at < text.length(); at += Math.min(size, text.length() - at)) {
      parts.addAll(reader.append(text.substring(at, at + Math.min(size, text.length() - at))));
    }
    parts.addAll(reader.finish());
    List<String> joined = new ArrayList<>();
    String last = "";
    for (OutputPart part : parts) {
      String kind =
          switch (part) {
            case OutputPart.Text _ -> "text ";
            case OutputPart.Reasoning _ -> "think ";
            case OutputPart.CallStarted _ -> "call ";
            case OutputPart.CallArguments _ -> "call ";
          };
      String said =
          switch (part) {
            case OutputPart.Text words -> words.text();
            case OutputPart.Reasoning thought -> thought.text();
            case OutputPart.CallStarted call -> call.name() + " ";
            case OutputPart.CallArguments more -> more.json();
          };
      if (kind.equals(last) && !(part instanceof OutputPart.CallStarted)) {
        joined.set(joined.size() - 1, joined.getLast() + said);
      } else {
        joined.add(kind + said);
      }
      last = kind;
    }
    return joined;
  }
}
