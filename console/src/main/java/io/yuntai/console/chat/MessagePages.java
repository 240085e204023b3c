package io.yuntai.console.chat;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatThread;
import io.yuntai.ledger.threads.MessageWindow;
import java.util.List;

/** Pieces of the chat's page: messages before, behind or instead of those that it shows. */
final class MessagePages {
  private final ChatDesk desk;

  MessagePages(ChatDesk desk) {
    this.desk = desk;
  }

  List<Page> all() {
    return List.of(new Stretch(), new One(), new Exported());
  }

  static long number(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw RefusedException.notFound("message", text);
    }
    return Long.parseLong(text);
  }

  /**
   * Messages of the branch: the last ones, or those up to {@code before}, or behind {@code after}.
   */
  private final class Stretch implements Page {
    @Override
    public String path() {
      return ThreadPages.THREAD + "/messages";
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public View show(Visit visit) throws ApiException {
      ChatPerson person = desk.person(visit);
      ChatThread thread = desk.threads().find(person.owner(), ThreadPages.id(visit, "thread"));
      String before = visit.query().text("before");
      String after = visit.query().text("after");
      long last = before.isEmpty() ? thread.leafId() : number(before);
      MessageStream stream =
          MessageStream.of(desk, visit, person, thread, last, ThreadPages.WINDOW);
      return View.html("chat/messages.jte", after.isEmpty() ? stream : stream.after(number(after)));
    }
  }

  /** One message as it stands now. */
  private final class One implements Page {
    @Override
    public String path() {
      return ThreadPages.THREAD + "/messages/{message}";
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public View show(Visit visit) throws ApiException {
      ChatPerson person = desk.person(visit);
      var thread = ThreadPages.id(visit, "thread");
      long id = number(visit.place("message"));
      ChatMessage message = desk.message(person, thread, id);
      MessageWindow window = desk.window(person, thread, id, 1);
      long leaf = desk.threads().find(person.owner(), thread).leafId();
      boolean chosen =
          message.twinId() == 0
              || desk
                  .tree()
                  .window(person.owner(), thread, leaf, ThreadPages.WINDOW)
                  .messages()
                  .stream()
                  .anyMatch(one -> one.id() == id);
      return View.html(
          "chat/message.jte",
          MessageView.of(
              thread,
              message,
              desk.attachments().of(person.owner(), List.of(message)).getOrDefault(id, List.of()),
              window.branches().getOrDefault(id, List.of()),
              message.twinId() != 0,
              chosen,
              desk.markdown(visit)));
    }
  }

  /** The thread as a file. */
  private final class Exported implements Page {
    @Override
    public String path() {
      return ThreadPages.THREAD + "/export/{format}";
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public View show(Visit visit) throws ApiException {
      ChatPerson person = desk.person(visit);
      ChatThread thread = desk.threads().find(person.owner(), ThreadPages.id(visit, "thread"));
      ThreadExport export = new ThreadExport(desk, person, thread);
      return switch (visit.place("format")) {
        case "markdown" ->
            new View.File("text/markdown; charset=utf-8", "chat.md", export.markdown());
        case "json" -> new View.File("application/json", "chat.json", export.json());
        default -> throw RefusedException.notFound("format", visit.place("format"));
      };
    }
  }
}
