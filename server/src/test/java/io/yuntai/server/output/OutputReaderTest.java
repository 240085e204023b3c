package io.yuntai.server.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.engine.grammar.schema.MemberTypes;
import io.yuntai.server.output.OutputReader.Start;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputReaderTest {
  private static final long SEED = Long.getLong("yuntai.seed", System.nanoTime());
  private static final Map<String, MemberTypes> TOOLS =
      Map.of("get_weather", MemberTypes.ANY, "add", MemberTypes.ANY);
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
  void callsInAFenceAtTheVeryBeginning() {
    assertRead(
        CallSyntax.HERMES,
        "```json\n{\n  \"name\": \"get_weather\",\n  \"arguments\": %s\n}\n```".formatted(ARGS),
        "call get_weather " + ARGS);
    assertRead(
        CallSyntax.HERMES,
        "```json\n{\"name\": \"add\", \"arguments\": {}}\n```\n```json\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n```\n\nDone.",
        "call add {}",
        "call add {\"a\": 1}",
        "text Done.");
    for (String text :
        List.of(
            "```json\n{\"name\": \"Ada\", \"arguments\": {}}\n```",
            "```json\n{\"name\": \"add\", \"arguments\": 1}\n```",
            "```json\n{\"city\": \"Rome\"}\n```\n",
            "```java\nadd();\n```",
            "```js",
            "``",
            "Like this: ```json\n{\"name\": \"add\", \"arguments\": {}}\n```")) {
      assertRead(CallSyntax.HERMES, text, "text " + text);
    }
    assertRead(
        CallSyntax.HERMES,
        "```json\n[]\n```\n<tool_call>{\"name\": \"add\", \"arguments\": {}}</tool_call>",
        "text ```json\n[]\n```",
        "call add {}");
  }

  @Test
  void callsOfQwenCoder() {
    assertRead(
        CallSyntax.QWEN_CODER,
        """
        I look.

        <tool_call>
        <function=get_weather>
        <parameter=city>
        "Köln" <b>
        & \t more
        </parameter>
        <parameter=days>
        3
        </parameter>
        <parameter=on>
        True
        </parameter>
        <parameter=places>
        ["</parameter>", {"a": [1]}]
        </parameter>
        </function>
        </tool_call>
        <tool_call>
        <function=add>
        </function>
        </tool_call>\
        """,
        "text I look.",
        "call get_weather {\"city\": \"\\\"Köln\\\" <b>\\n& \\t more\", \"days\": 3, \"on\": true, \"places\": [\"</parameter>\", {\"a\": [1]}]}",
        "call add {}");
  }

  @Test
  void callsOfQwenCoderWithoutSomeTags() {
    assertRead(
        CallSyntax.QWEN_CODER,
        "Yes.\n<function=add><parameter=a>1</parameter><parameter=b>[1, 2</parameter></function>\n</tool_call>",
        "text Yes.",
        "call add {\"a\": 1, \"b\": \"[1, 2\"}");
    assertRead(
        CallSyntax.QWEN_CODER,
        "<tool_call><function=add>\n<parameter=a>\n\nx\n\n</parameter>\n</tool_call>\nDone.",
        "call add {\"a\": \"\\nx\\n\"}",
        "text Done.");
  }

  @Test
  void brokenCallsOfQwenCoder() {
    for (String text :
        List.of(
            "<tool_call>\n<function=rm_rf>\n</function>\n</tool_call>",
            "<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>",
            "<tool_call>\n<function=add",
            "the <function=... tag")) {
      assertRead(CallSyntax.QWEN_CODER, text, "text " + text);
    }
    assertRead(
        CallSyntax.QWEN_CODER,
        "<function=add>\n<parameter=a>\n1\n</parameter>\nand so on",
        "call add {\"a\": 1",
        "text and so on");
    assertRead(
        CallSyntax.QWEN_CODER,
        "<function=add>\n<parameter=a>\nit was cut </para",
        "call add {\"a\": it was cut </para");
    assertRead(
        CallSyntax.QWEN_CODER,
        "<function=add>\n<parameter=a>1</parameter><param",
        "call add {\"a\": 1",
        "text <param");
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

  private static final List<String> FRAGMENTS =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "<function=add>",
          "</function>",
          "<parameter=a>\n",
          "</parameter>",
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
          "```json\n",
          "```",
          "<think>",
          "</think>",
          "\n",
          " x ",
          "\"",
          "}",
          "]",
          "<");

  private static final List<CallSyntax> SYNTAXES =
      List.of(
          CallSyntax.HERMES,
          CallSyntax.QWEN_CODER,
          CallSyntax.LLAMA,
          CallSyntax.MISTRAL,
          CallSyntax.DEEPSEEK,
          CallSyntax.DEEPSEEK_FENCED);

  /** Those whose arguments stand in the text as they are told. */
  private static final List<CallSyntax> JSON_SYNTAXES =
      SYNTAXES.stream().filter(syntax -> syntax.tags().isEmpty()).toList();

  private static String fragments(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
    }
    return text.toString();
  }

  /** Texts of fragments of all formats: the same parts however the text is cut. */
  @Test
  void cutsChangeNothing() {
    Random random = new Random(SEED);
    for (int trial = 0; trial < 20_000; trial++) {
      String text = fragments(random);
      Start start = List.copyOf(EnumSet.allOf(Start.class)).get(random.nextInt(3));
      CallSyntax syntax = SYNTAXES.get(random.nextInt(SYNTAXES.size()));
      List<String> whole = read(start, syntax, text, Integer.MAX_VALUE);
      for (int size : new int[] {1, 2, 7}) {
        assertThat(read(start, syntax, text, size))
            .as("-Dyuntai.seed=%d, %s, %s, pieces of %d: %s", SEED, start, syntax, size, text)
            .isEqualTo(whole);
      }
    }
  }

  /** What is no call of a tool of the request is text, to the character. */
  @Test
  void nothingIsLostWhereNothingIsACall() {
    Random random = new Random(SEED);
    for (int trial = 0; trial < 20_000; trial++) {
      String text = fragments(random);
      CallSyntax syntax = SYNTAXES.get(random.nextInt(SYNTAXES.size()));
      OutputReader reader =
          new OutputReader(Start.ANSWER, Optional.of(syntax), Map.of("another", MemberTypes.ANY));
      StringBuilder said = new StringBuilder();
      List<OutputPart> parts = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int to = Math.min(text.length(), at + 1 + random.nextInt(9));
        parts.addAll(reader.append(text.substring(at, to)));
        at = to;
      }
      parts.addAll(reader.finish());
      for (OutputPart part : parts) {
        assertThat(part).isInstanceOf(OutputPart.Text.class);
        said.append(((OutputPart.Text) part).text());
      }
      assertThat(said.toString())
          .as("-Dyuntai.seed=%d, %s: %s", SEED, syntax, text)
          .isEqualTo(text);
    }
  }

  /** What parts of an answer with calls leave out: blanks, marks, and what names calls. */
  private static final Pattern SYNTAX_ONLY =
      Pattern.compile(
          "(?:</?tool_call>|</?function(?:=add)?>|\\[TOOL_CALLS]|\\[ARGS]|<\\|python_tag\\|>|<｜tool▁\\w+(?:▁\\w+)*｜>|```json|```"
              + "|</?think>|function|add|\"name\":\"add\"|\"arguments\":|\"parameters\":|[\\[\\]{},;])*");

  @Test
  void nothingButSyntaxIsLostRoundCalls() {
    Random random = new Random(SEED);
    for (int trial = 0; trial < 20_000; trial++) {
      String text = fragments(random);
      Start start = List.copyOf(EnumSet.allOf(Start.class)).get(random.nextInt(3));
      CallSyntax syntax = JSON_SYNTAXES.get(random.nextInt(JSON_SYNTAXES.size()));
      List<String> said = new ArrayList<>();
      for (String part : read(start, syntax, text, 1 + random.nextInt(9))) {
        said.add(part.replaceFirst("^(text |think |call add)", "").replaceAll("\\s", ""));
      }
      assertThat(isAllBut(SYNTAX_ONLY, text.replaceAll("\\s", ""), said))
          .as("-Dyuntai.seed=%d, %s, %s: %s gives %s", SEED, start, syntax, text, said)
          .isTrue();
    }
  }

  /** Whether a text is these parts in their order, with what a pattern matches between them. */
  private static boolean isAllBut(Pattern between, String text, List<String> parts) {
    if (parts.isEmpty()) {
      return between.matcher(text).matches();
    }
    String first = parts.getFirst();
    for (int at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
      if (between.matcher(text.substring(0, at)).matches()
          && isAllBut(
              between, text.substring(at + first.length()), parts.subList(1, parts.size()))) {
        return true;
      }
    }
    return false;
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
