package io.yuntai.dialect.anthropic;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.json.JsonBytes;

/** Whole answers to JSON bodies. */
public final class AnthropicAnswers {
  private AnthropicAnswers() {}

  /** A {@code message} object of the answer's only choice. */
  public static byte[] encode(Answer answer) {
    Answer.Choice choice = answer.choices().getFirst();
    JsonBytes out = new JsonBytes(1024);
    out.raw("{\"id\":").text(AnthropicJson.id(answer.head()));
    out.raw(",\"type\":\"message\",\"role\":\"assistant\",\"model\":").text(answer.head().model());
    out.raw(",\"content\":[");
    String comma = "";
    if (!choice.reasoning().isEmpty()) {
      out.raw("{\"type\":\"thinking\",\"thinking\":").text(choice.reasoning());
      out.raw(",\"signature\":");
      out.text(choice.reasoningSignature().orElse(AnthropicJson.UNSIGNED)).raw("}");
      comma = ",";
    }
    if (!choice.text().isEmpty()) {
      out.raw(comma).raw("{\"type\":\"text\",\"text\":").text(choice.text()).raw("}");
      comma = ",";
    }
    for (ToolCall call : choice.toolCalls()) {
      out.raw(comma).raw("{\"type\":\"tool_use\",\"id\":").text(call.id());
      out.raw(",\"name\":").text(call.name()).raw(",\"input\":");
      AnthropicJson.input(out, call.arguments());
      out.raw("}");
      comma = ",";
    }
    out.raw("],");
    AnthropicJson.stop(out, choice.finishReason(), choice.stopText());
    out.raw(",\"usage\":");
    AnthropicJson.usage(out, answer.usage());
    return out.raw("}").toBytes();
  }

  /** The answer to a request to count. */
  public static byte[] encodeCount(long tokens) {
    return new JsonBytes(32).raw("{\"input_tokens\":").number(tokens).raw("}").toBytes();
  }
}
