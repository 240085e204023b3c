package io.yuntai.dialect;

import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what is said; several text parts are one text here; empty where an assistant only
 *     called tools
 * @param name who exactly speaks, where the client says so
 * @param toolCallId which call a tool answers; present for {@link Role#TOOL} only
 * @param toolCalls what an assistant called
 * @param reasoning what an assistant thought before it answered; most templates leave it out
 * @param reasoningSignature what its author sent with the thoughts; see {@link
 *     AnswerEvent.ReasoningSigned}
 * @param cacheMark how long an upstream is to store the conversation up to here
 */
public record Message(
    Role role,
    String content,
    Optional<String> name,
    Optional<String> toolCallId,
    List<ToolCall> toolCalls,
    Optional<String> reasoning,
    Optional<String> reasoningSignature,
    CacheMark cacheMark) {
  /** Copies what could change. */
  public Message {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A turn without a signature or a mark. */
  public Message(
      Role role,
      String content,
      Optional<String> name,
      Optional<String> toolCallId,
      List<ToolCall> toolCalls,
      Optional<String> reasoning) {
    this(role, content, name, toolCallId, toolCalls, reasoning, Optional.empty(), CacheMark.NONE);
  }

  /** A turn of nobody in particular. */
  public static Message of(Role role, String content) {
    return new Message(
        role, content, Optional.empty(), Optional.empty(), List.of(), Optional.empty());
  }

  /** Who speaks. */
  public enum Role {
    SYSTEM,
    /** OpenAI's newer name for system; the same to a model. */
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL
  }
}
