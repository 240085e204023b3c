package io.yuntai.ledger.threads;

import java.util.List;
import java.util.Map;

/**
 * A stretch of one branch.
 *
 * @param messages the oldest first
 * @param twins answers beside those of {@link #messages}, by the id of the one that they are beside
 * @param branches of each message the ones that could stand in its place, itself included, in their
 *     order; of two side by side only the first
 * @param before the message just before the oldest, to go on from; 0 where there is none
 */
public record MessageWindow(
    List<ChatMessage> messages,
    Map<Long, ChatMessage> twins,
    Map<Long, List<Long>> branches,
    long before) {
  /** Copies what could change. */
  public MessageWindow {
    messages = List.copyOf(messages);
    twins = Map.copyOf(twins);
    branches = Map.copyOf(branches);
  }
}
