package io.yuntai.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.cli.terminal.CliContext;
import io.yuntai.cli.terminal.Messages;
import io.yuntai.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatLoopTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Echo model = new Echo();

  /** Answers with the question in brackets, and keeps what it was asked. */
  private static final class Echo implements ChatModel {
    final List<List<Turn>> asked = new ArrayList<>();

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public RunningAnswer ask(List<Turn> conversation, ChatSettings settings) {
      asked.add(List.copyOf(conversation));
      Deque<String> pieces = new ArrayDeque<>(List.of("[", conversation.getLast().content(), "]"));
      return new RunningAnswer() {
        @Override
        public @Nullable String next() {
          return pieces.poll();
        }

        @Override
        public void cancel() {
          pieces.clear();
        }

        @Override
        public AnswerFacts facts() {
          return new AnswerFacts(7, 3, 1_000_000, 2_000_000_000, "stop");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  private void talk(String... lines) throws InterruptedException {
    Screen screen =
        new Screen(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            Map.of());
    Deque<String> left = new ArrayDeque<>(List.of(lines));
    new ChatLoop(
            new CliContext(screen, Messages.in("en"), Map.of()),
            prompt -> left.poll(),
            model,
            new ChatSettings(0, 1, 0, 16, 5),
            null,
            false)
        .run();
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void eachQuestionCarriesTheConversationBeforeIt() throws InterruptedException {
    talk("one", "two");
    assertThat(output()).contains("[one]\n", "[two]\n");
    assertThat(model.asked.get(1))
        .containsExactly(
            new Turn("user", "one"), new Turn("assistant", "[one]"), new Turn("user", "two"));
  }

  @Test
  void quotesAndBackslashesJoinLines() throws InterruptedException {
    talk("\"\"\"a", "b", "c\"\"\"", "d\\", "e", "\"\"\"f\"\"\"");
    assertThat(model.asked.stream().map(turns -> turns.getLast().content()))
        .containsExactly("a\nb\nc", "d\ne", "f");
  }

  @Test
  void instructionsStandBeforeAConversationThatStartsAnew() throws InterruptedException {
    talk("one", "/system be brief", "two");
    assertThat(model.asked.get(1))
        .containsExactly(new Turn("system", "be brief"), new Turn("user", "two"));
  }

  @Test
  void clearForgets() throws InterruptedException {
    talk("one", "/clear", "two");
    assertThat(model.asked.get(1)).containsExactly(new Turn("user", "two"));
  }

  @Test
  void statisticsGoToStderr() throws InterruptedException {
    talk("/stats", "one");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("7 tokens in · 3 out · first after 0.00 s · 1.0 tok/s · seed 5");
    assertThat(output()).doesNotContain("tok/s");
  }

  @Test
  void byeLeavesAndUnknownCommandsAreNamed() throws InterruptedException {
    talk("/what", "/bye", "never asked");
    assertThat(output()).contains("/what is no command here");
    assertThat(model.asked).isEmpty();
  }

  @Test
  void aConversationCanBeSaved(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("talk.md");
    talk("one", "/save " + file);
    assertThat(Files.readString(file)).isEqualTo("## user\n\none\n\n## assistant\n\n[one]\n\n");
  }
}
