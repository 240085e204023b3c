package io.yuntai.dialect;

import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param content what is said; several text parts are one text here
 * @param name who exactly speaks, where the client says so
 * @param toolCallId which call a tool answers; present for {@link Role#TOOL} only
 */
public record Message(
    Role role, String content, Optional<String> name, Optional<String> toolCallId) {
  /** A turn of nobody in particular. */
  public static Message of(Role role, String content) {
    return new Message(role, content, Optional.empty(), Optional.empty());
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
