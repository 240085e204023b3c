package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.Usage;
import io.yuntai.dialect.json.JsonBytes;

/** Parts of answers that whole and streamed ones have in common. */
final class DashScopeJson {
  private DashScopeJson() {}

  static void usage(JsonBytes out, Usage usage) {
    out.raw("{\"input_tokens\":").number(usage.promptTokens());
    out.raw(",\"output_tokens\":").number(usage.completionTokens());
    out.raw(",\"total_tokens\":").number(usage.totalTokens());
    out.raw(",\"output_tokens_details\":{\"reasoning_tokens\":").number(usage.reasoningTokens());
    out.raw("},\"prompt_tokens_details\":{\"cached_tokens\":").number(usage.cachedPromptTokens());
    out.raw("}}");
  }

  /** A message's content: a text, or one part that is a text. */
  static void content(JsonBytes out, String text, boolean parts) {
    if (!parts) {
      out.text(text);
    } else if (text.isEmpty()) {
      out.raw("[]");
    } else {
      out.raw("[{\"text\":").text(text).raw("}]");
    }
  }
}
