package io.yuntai.console.chat;

import io.yuntai.dialect.ChatRequest;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.Labels;
import io.yuntai.dialect.Message;
import io.yuntai.dialect.Message.Role;
import io.yuntai.dialect.ToolUse;
import io.yuntai.ledger.threads.Attachment;
import io.yuntai.ledger.threads.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A branch of a thread as a request. Pure. */
final class ChatPrompt {
  private ChatPrompt() {}

  /**
   * The request for an answer.
   *
   * @param system what the model is told first; empty for nothing
   * @param branch all before the answer, the oldest first
   * @param files of these messages
   * @param begun what the answer already says and goes on from; empty for nothing
   */
  static ChatRequest of(
      String model,
      String system,
      List<ChatMessage> branch,
      Map<Long, List<Attachment>> files,
      String begun,
      ChatParameters parameters) {
    List<Message> messages = new ArrayList<>();
    if (!system.isBlank()) {
      messages.add(Message.of(Role.SYSTEM, system));
    }
    for (ChatMessage message : branch) {
      add(messages, message, files.getOrDefault(message.id(), List.of()));
    }
    if (!begun.isEmpty()) {
      messages.add(Message.of(Role.ASSISTANT, begun));
    }
    return new ChatRequest(
        model,
        messages,
        ToolUse.NONE,
        parameters.settings(),
        new Delivery(true, true),
        Map.of(),
        parameters.thoughts(),
        Labels.NONE,
        !begun.isEmpty());
  }

  private static void add(List<Message> messages, ChatMessage message, List<Attachment> files) {
    if (message.role() == ChatMessage.Role.ASSISTANT) {
      // An answer that failed before its first word is none to a model.
      if (!message.text().isBlank()) {
        messages.add(Message.of(Role.ASSISTANT, message.text()));
      }
      return;
    }
    String text = withFiles(message.text(), files);
    if (!messages.isEmpty() && messages.getLast().role() == Role.USER) {
      // Templates want turns to alternate.
      Message before = messages.removeLast();
      messages.add(Message.of(Role.USER, before.content() + "\n\n" + text));
    } else {
      messages.add(Message.of(Role.USER, text));
    }
  }

  private static String withFiles(String text, List<Attachment> files) {
    StringBuilder all = new StringBuilder();
    for (Attachment file : files) {
      all.append("<file name=\"").append(file.name().replace('"', '\'')).append("\">\n");
      all.append(file.content().strip()).append("\n</file>\n\n");
    }
    return all.append(text).toString();
  }
}
