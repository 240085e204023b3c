package io.yuntai.dialect.responses;

import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages out of items: thoughts, words and calls that follow each other are one turn of the
 * assistant, and what the system says first is one message, since most templates take only one.
 */
final class Turns {
  private final List<Message> messages = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private Optional<String> thoughts = Optional.empty();
  private Optional<String> words = Optional.empty();

  /** Somebody else's turn. */
  void add(Message message) {
    endTurn();
    boolean system = message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    if (system && messages.size() == 1 && messages.getFirst().role() == Role.SYSTEM) {
      String both = messages.getFirst().content() + "\n\n" + message.content();
      messages.set(0, Message.of(Role.SYSTEM, both));
    } else if (system && messages.isEmpty()) {
      messages.add(Message.of(Role.SYSTEM, message.content()));
    } else {
      messages.add(message);
    }
  }

  void think(String text) {
    if (words.isPresent() || !calls.isEmpty()) {
      endTurn();
    }
    thoughts = text.isEmpty() ? thoughts : Optional.of(thoughts.orElse("") + text);
  }

  void say(String text) {
    if (words.isPresent() || !calls.isEmpty()) {
      endTurn();
    }
    words = Optional.of(text);
  }

  void call(ToolCall call) {
    calls.add(call);
  }

  List<Message> messages() {
    endTurn();
    return messages;
  }

  private void endTurn() {
    if (words.isPresent() || !calls.isEmpty()) {
      messages.add(
          new Message(
              Role.ASSISTANT,
              words.orElse(""),
              Optional.empty(),
              Optional.empty(),
              List.copyOf(calls),
              thoughts));
    }
    calls.clear();
    words = Optional.empty();
    thoughts = Optional.empty();
  }
}
