package io.yuntai.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.dialect.AnswerForm;
import io.yuntai.dialect.Tool;
import io.yuntai.dialect.ToolUse;
import io.yuntai.engine.grammar.Grammar;
import io.yuntai.server.output.CallSyntax;
import io.yuntai.server.output.OutputReader.Start;
import io.yuntai.server.testing.ByteTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerGrammarsTest {
  private static final Tool ADD =
      new Tool(
          "add",
          Map.of(),
          Map.of("properties", Map.of("a", Map.of("type", "integer")), "required", List.of("a")));
  private static final AnswerForm FORM = new AnswerForm.Regex("guided_regex", "[0-9]+");
  private static final String CALL =
      "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\":1}}\n</tool_call>";

  private final AnswerGrammars grammars = new AnswerGrammars(new ByteTokenizer(), Set.of());

  @Test
  void besideToolsAnAnswerIsEitherCallsOrTheForm() throws Exception {
    Grammar grammar = grammar(new ToolUse.Choice.Free(), FORM, Start.ANSWER);

    assertThat(takes(grammar, CALL)).isTrue();
    assertThat(takes(grammar, CALL + "\n" + CALL)).isTrue();
    assertThat(takes(grammar, "42")).isTrue();
    assertThat(takes(grammar, "Let me add.")).isFalse();
    assertThat(takes(grammar, "42" + CALL)).isFalse();
    assertThat(takes(grammar, CALL.replace("1", "\"x\""))).isFalse();
  }

  @Test
  void thoughtsComeBeforeEither() throws Exception {
    Grammar grammar = grammar(new ToolUse.Choice.Free(), FORM, Start.MAYBE_REASONING);

    assertThat(takes(grammar, "<think>Hm.</think>\n\n" + CALL)).isTrue();
    assertThat(takes(grammar, "<think>Hm.</think>\n\n42")).isTrue();
    assertThat(takes(grammar, "42")).isTrue();
    assertThat(takes(grammar, "<think>Hm.</think>Well")).isFalse();
  }

  @Test
  void callsThatMustBeThereLeaveNoPlaceForAForm() throws Exception {
    Grammar grammar = grammar(new ToolUse.Choice.Required(), FORM, Start.ANSWER);

    assertThat(takes(grammar, CALL)).isTrue();
    assertThat(takes(grammar, "42")).isFalse();
  }

  @Test
  void withoutAFormTextIsFree() throws Exception {
    Grammar grammar = grammar(new ToolUse.Choice.Free(), AnswerForm.FREE, Start.ANSWER);

    assertThat(takes(grammar, "Let me add. " + CALL)).isTrue();
    assertThat(takes(grammar, "42")).isTrue();
    assertThat(takes(grammar, "Let me add. " + CALL.replace("1", "\"x\""))).isFalse();
  }

  @Test
  void aGrammarIsKeptForTheNextRequestOfItsKind() throws Exception {
    Grammar first = grammar(new ToolUse.Choice.Free(), FORM, Start.ANSWER);

    assertThat(grammar(new ToolUse.Choice.Free(), FORM, Start.ANSWER)).isSameAs(first);
    assertThat(grammar(new ToolUse.Choice.Free(), FORM, Start.REASONING)).isNotSameAs(first);
    assertThat(grammar(new ToolUse.Choice.Free(), AnswerForm.FREE, Start.ANSWER))
        .isNotSameAs(first);
  }

  private Grammar grammar(ToolUse.Choice choice, AnswerForm form, Start start) throws Exception {
    return grammars
        .answers(new ToolUse(List.of(ADD), choice, true), CallSyntax.HERMES, form, start)
        .grammar();
  }

  private static boolean takes(Grammar grammar, String text) {
    return grammar.match(text.getBytes(StandardCharsets.UTF_8)).complete();
  }
}
