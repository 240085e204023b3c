package io.yuntai.console.chat;

import io.yuntai.console.markdown.Markdown;
import io.yuntai.console.page.Visit;
import io.yuntai.ledger.threads.Attachment;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatThread;
import io.yuntai.ledger.threads.MessageWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A stretch of a branch as its template shows it.
 *
 * @param turns the oldest first: one message, or two answers side by side
 * @param thread where
 * @param before the message just before; 0 for none
 */
public record MessageStream(List<List<MessageView>> turns, String thread, long before) {
  static final MessageStream EMPTY = new MessageStream(List.of(), "", 0);

  /** Copies the list. */
  public MessageStream {
    turns = List.copyOf(turns);
  }

  static MessageStream of(
      ChatDesk desk, Visit visit, ChatPerson person, ChatThread thread, long lastId, int limit) {
    if (lastId == 0) {
      return new MessageStream(List.of(), thread.id().toString(), 0);
    }
    MessageWindow window = desk.window(person, thread.id(), lastId, limit);
    List<ChatMessage> all = new ArrayList<>(window.messages());
    Map<Long, List<Attachment>> files = desk.attachments().of(person.owner(), all);
    Markdown markdown = desk.markdown(visit);
    List<List<MessageView>> turns = new ArrayList<>();
    for (ChatMessage message : window.messages()) {
      turns.add(turn(thread.id(), message, window, files, markdown));
    }
    return new MessageStream(turns, thread.id().toString(), window.before());
  }

  private static List<MessageView> turn(
      UUID thread,
      ChatMessage message,
      MessageWindow window,
      Map<Long, List<Attachment>> files,
      Markdown markdown) {
    List<Long> branches = window.branches().getOrDefault(message.id(), List.of());
    ChatMessage twin = window.twins().get(message.id());
    List<MessageView> turn = new ArrayList<>();
    List<Attachment> own = files.getOrDefault(message.id(), List.of());
    turn.add(MessageView.of(thread, message, own, branches, twin != null, true, markdown));
    if (twin != null) {
      turn.add(MessageView.of(thread, twin, List.of(), branches, true, false, markdown));
      turn.sort(Comparator.comparingLong(view -> view.message().id()));
    }
    return turn;
  }

  /** Without what is up to a message, which a reader has already. */
  MessageStream after(long messageId) {
    int from = 0;
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).stream().anyMatch(view -> view.message().id() == messageId)) {
        from = i + 1;
      }
    }
    return from == 0 ? this : new MessageStream(turns.subList(from, turns.size()), thread, 0);
  }
}
