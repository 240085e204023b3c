package io.yuntai.dialect.openai;

import io.yuntai.dialect.FinishReason;
import io.yuntai.dialect.TokenLogprob;
import io.yuntai.dialect.TokenLogprob.Scored;
import io.yuntai.dialect.ToolCall;
import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parts of answers that whole and streamed ones have in common, and other APIs spell the same. */
public final class AnswerJson {
  private AnswerJson() {}

  /** Why an answer ended, as {@code finish_reason} says it. */
  public static String nameOf(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER -> "content_filter";
    };
  }

  static void usage(JsonBytes out, Usage usage) {
    out.raw("{\"prompt_tokens\":")
        .number(usage.promptTokens())
        .raw(",\"completion_tokens\":")
        .number(usage.completionTokens())
        .raw(",\"total_tokens\":")
        .number(usage.totalTokens())
        .raw(",\"prompt_tokens_details\":{\"cached_tokens\":")
        .number(usage.cachedPromptTokens())
        .raw(",\"audio_tokens\":0}")
        .raw(",\"completion_tokens_details\":{\"reasoning_tokens\":")
        .number(usage.reasoningTokens())
        .raw(",\"audio_tokens\":0")
        .raw(",\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}");
  }

  /** The {@code tool_calls} of a whole message. */
  public static void toolCalls(JsonBytes out, List<ToolCall> calls) {
    out.raw("[");
    for (int i = 0; i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      out.raw(i == 0 ? "{\"id\":" : ",{\"id\":").text(call.id());
      out.raw(",\"type\":\"function\",\"function\":{\"name\":").text(call.name());
      out.raw(",\"arguments\":").text(call.arguments()).raw("}}");
    }
    out.raw("]");
  }

  /** The {@code logprobs} object of a chat choice. */
  public static void chatLogprobs(JsonBytes out, List<TokenLogprob> logprobs) {
    out.raw("{\"content\":[");
    for (int i = 0; i < logprobs.size(); i++) {
      TokenLogprob logprob = logprobs.get(i);
      out.raw(i == 0 ? "{" : ",{");
      scored(out, logprob.token());
      out.raw(",\"top_logprobs\":[");
      for (int k = 0; k < logprob.top().size(); k++) {
        out.raw(k == 0 ? "{" : ",{");
        scored(out, logprob.top().get(k));
        out.raw("}");
      }
      out.raw("]}");
    }
    out.raw("],\"refusal\":null}");
  }

  private static void scored(JsonBytes out, Scored scored) {
    out.raw("\"token\":").text(scored.text()).raw(",\"logprob\":").logprob(scored.logprob());
    out.raw(",\"bytes\":[");
    for (int i = 0; i < scored.bytes().size(); i++) {
      out.raw(i == 0 ? "" : ",").number(scored.bytes().get(i));
    }
    out.raw("]");
  }

  /**
   * The {@code logprobs} object of a text completion.
   *
   * @param offset characters of the answer before the first of these tokens
   */
  static void completionLogprobs(JsonBytes out, List<TokenLogprob> logprobs, int offset) {
    out.raw("{\"text_offset\":[");
    int at = offset;
    for (int i = 0; i < logprobs.size(); i++) {
      out.raw(i == 0 ? "" : ",").number(at);
      at += characters(logprobs.get(i));
    }
    out.raw("],\"token_logprobs\":[");
    for (int i = 0; i < logprobs.size(); i++) {
      out.raw(i == 0 ? "" : ",").logprob(logprobs.get(i).token().logprob());
    }
    out.raw("],\"tokens\":[");
    for (int i = 0; i < logprobs.size(); i++) {
      out.raw(i == 0 ? "" : ",").text(legacyName(logprobs.get(i).token()));
    }
    out.raw("],\"top_logprobs\":[");
    for (int i = 0; i < logprobs.size(); i++) {
      out.raw(i == 0 ? "" : ",");
      top(out, logprobs.get(i));
    }
    out.raw("]}");
  }

  /** The generated token is always among them, as the API reference promises. */
  private static void top(JsonBytes out, TokenLogprob logprob) {
    Map<String, Double> byName = new LinkedHashMap<>();
    for (Scored scored : logprob.top()) {
      byName.putIfAbsent(legacyName(scored), scored.logprob());
    }
    byName.putIfAbsent(legacyName(logprob.token()), logprob.token().logprob());
    out.raw("{");
    boolean first = true;
    for (Map.Entry<String, Double> entry : byName.entrySet()) {
      out.raw(first ? "" : ",").text(entry.getKey()).raw(":").logprob(entry.getValue());
      first = false;
    }
    out.raw("}");
  }

  /** Characters that begin in a token: each has one byte that is not a continuation byte. */
  static int characters(TokenLogprob logprob) {
    int characters = 0;
    for (int b : logprob.token().bytes()) {
      characters += (b & 0xC0) == 0x80 ? 0 : 1;
    }
    return characters;
  }

  /** Part of a character has no text: it is spelled by its bytes, as in {@code bytes:\xe2\x82}. */
  private static String legacyName(Scored scored) {
    byte[] bytes = new byte[scored.bytes().size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) scored.bytes().get(i);
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return scored.text();
    } catch (CharacterCodingException _) {
      StringBuilder name = new StringBuilder("bytes:");
      for (byte b : bytes) {
        name.append("\\x%02x".formatted(b));
      }
      return name.toString();
    }
  }
}
