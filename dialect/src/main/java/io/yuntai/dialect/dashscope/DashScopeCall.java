package io.yuntai.dialect.dashscope;

import io.yuntai.dialect.ChatRequest;
import java.util.List;

/**
 * A request for text.
 *
 * @param request in canonical terms
 * @param format how the answer is wanted
 * @param stopTokens sequences of token ids that end the answer; only who knows the model's
 *     vocabulary knows the texts that they are
 */
public record DashScopeCall(
    ChatRequest request, DashScopeFormat format, List<List<Integer>> stopTokens) {
  /** Copies what could change. */
  public DashScopeCall {
    stopTokens = stopTokens.stream().map(List::copyOf).toList();
  }
}
