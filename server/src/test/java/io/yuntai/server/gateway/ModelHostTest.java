package io.yuntai.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.engine.PromptEncoder;
import io.yuntai.server.output.OutputFormat;
import io.yuntai.server.testing.ByteTokenizer;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelHostTest {
  private final ModelHost host = new ModelHost();

  @Test
  void namesThatSomebodyMayHaveMeantComeLikestFirst() {
    host.add(model("qwen2.5-coder:0.5b"));
    host.add(model("qwen2.5-coder:1.5b"));
    host.add(model("smollm2:135m"));

    assertThat(host.near("qwen2.5-coder:0.5"))
        .containsExactly("qwen2.5-coder:0.5b", "qwen2.5-coder:1.5b");
    assertThat(host.near("SmolLM2:135M")).containsExactly("smollm2:135m");
    assertThat(host.near("smollm2")).containsExactly("smollm2:135m");
    assertThat(host.near("gpt-4o")).isEmpty();
    assertThat(host.near("x".repeat(100_000))).isEmpty();
    assertThat(host.near("")).isEmpty();
  }

  @Test
  void aNameStandsForOneModel() {
    host.add(model("a"));

    assertThatThrownBy(() -> host.add(model("a"))).hasMessageContaining("a is loaded already");
    host.remove("a");
    assertThat(host.find("a")).isEmpty();
    assertThat(host.all()).isEmpty();
  }

  private static HostedModel model(String name) {
    ByteTokenizer tokenizer = new ByteTokenizer();
    return new HostedModel(
        name,
        0,
        "tests",
        tokenizer,
        new PromptEncoder(tokenizer, Optional.empty()),
        OutputFormat.TEXT,
        new AnswerGrammars(tokenizer, Set.of()),
        request -> {
          throw new IllegalStateException("nothing runs here");
        },
        "test",
        () -> {
          throw new IllegalStateException("nothing runs here");
        },
        Optional::empty);
  }
}
