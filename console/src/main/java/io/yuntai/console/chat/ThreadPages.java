package io.yuntai.console.chat;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.NavigationEntry;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.threads.ChatThread;
import io.yuntai.ledger.threads.ChatThread.ThreadSettings;
import io.yuntai.ledger.threads.FoundMessage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The page of the chat, with a thread and without, and the list at its side. */
public final class ThreadPages {
  static final String CHAT = "/console/chat";
  static final String THREAD = CHAT + "/{thread}";
  static final int WINDOW = 40;

  private static final int LISTED = 40;

  private final ChatDesk desk;

  ThreadPages(ChatDesk desk) {
    this.desk = desk;
  }

  List<Page> all() {
    return List.of(new NewThread(), new OneThread(), new ThreadList());
  }

  /**
   * A list of threads, or what a search found.
   *
   * @param threads those changed last first
   * @param found messages, where something was looked for
   * @param next address of what follows; empty for nothing
   * @param question what was looked for; empty for nothing
   * @param archived whether these are out of the way
   */
  public record ThreadListModel(
      List<ChatThread> threads,
      List<FoundMessage> found,
      String next,
      String question,
      boolean archived) {}

  /**
   * What the page shows.
   *
   * @param thread empty before the first message
   * @param list at its side
   * @param stream the end of its branch
   * @param offers models that may be asked
   * @param settings what the next question is asked with
   * @param parameters the same as texts, by field
   */
  public record ChatModel(
      Optional<ChatThread> thread,
      ThreadListModel list,
      MessageStream stream,
      List<ModelOffers.Offer> offers,
      ThreadSettings settings,
      java.util.Map<String, String> parameters,
      boolean measuresEnergy) {
    /** The thread's id; empty for a new one. */
    public String id() {
      return thread.map(one -> one.id().toString()).orElse("");
    }

    /** Its title; empty for none. */
    public String title() {
      return thread.map(ChatThread::title).orElse("");
    }

    /** The last message of the branch; 0 for none. */
    public long leaf() {
      return thread.map(ChatThread::leafId).orElse(0L);
    }

    /** Whether a model is asked first or second. */
    public boolean asks(int place, String model) {
      List<String> models = settings.models();
      return place < models.size() && models.get(place).equals(model);
    }

    /** Whether a model that is asked can no longer be. */
    public boolean isGone() {
      List<String> names = offers.stream().map(ModelOffers.Offer::name).toList();
      return !names.containsAll(settings.models());
    }

    /** Whether any of the models can be told to think. */
    public boolean thinks() {
      return offers.stream().anyMatch(ModelOffers.Offer::thinks);
    }
  }

  static UUID id(Visit visit, String place) {
    String text = visit.place(place);
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw RefusedException.notFound("conversation", text);
    }
  }

  private ThreadListModel list(Visit visit, ChatPerson person) {
    boolean archived = visit.query().text("archived").equals("1");
    String question = visit.query().text("q").strip();
    if (!question.isEmpty()) {
      String shortened = question.substring(0, Math.min(200, question.length()));
      return new ThreadListModel(
          desk.threads().titled(person.owner(), shortened, LISTED),
          desk.tree().search(person.owner(), shortened, Long.MAX_VALUE, LISTED),
          "",
          shortened,
          false);
    }
    var page =
        desk.threads()
            .list(
                person.owner(),
                archived,
                new PageRequest(visit.query().first("cursor").filter(c -> !c.isEmpty()), LISTED));
    String next =
        page.next()
            .map(cursor -> "/console/chats?cursor=" + cursor + (archived ? "&archived=1" : ""))
            .orElse("");
    return new ThreadListModel(page.items(), List.of(), next, "", archived);
  }

  private View view(Visit visit, ChatPerson person, Optional<ChatThread> thread) {
    List<ModelOffers.Offer> offers = desk.offers(person);
    ThreadSettings settings =
        thread.map(ChatThread::settings).orElseGet(() -> initial(visit, person, offers));
    return View.html(
        "chat/page.jte",
        new ChatModel(
            thread,
            list(visit, person),
            thread
                .map(one -> MessageStream.of(desk, visit, person, one, one.leafId(), WINDOW))
                .orElse(MessageStream.EMPTY),
            offers,
            settings,
            ChatParameters.ofKept(settings.parameters()).fields(),
            desk.measuresEnergy()));
  }

  /** As in the thread that was used last. */
  private ThreadSettings initial(Visit visit, ChatPerson person, List<ModelOffers.Offer> offers) {
    String wanted = visit.query().text("model");
    List<String> names = offers.stream().map(ModelOffers.Offer::name).toList();
    List<String> last =
        desk.threads().list(person.owner(), false, PageRequest.first(1)).items().stream()
            .flatMap(thread -> thread.settings().models().stream())
            .filter(names::contains)
            .limit(1)
            .toList();
    List<String> models =
        names.contains(wanted)
            ? List.of(wanted)
            : last.isEmpty() ? names.stream().limit(1).toList() : last;
    return new ThreadSettings("", models, "{}");
  }

  private final class NewThread implements Page {
    @Override
    public String path() {
      return CHAT;
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public Optional<NavigationEntry> navigation() {
      return Optional.of(new NavigationEntry("chat.title", 20, "chat"));
    }

    @Override
    public View show(Visit visit) throws ApiException {
      return view(visit, desk.person(visit), Optional.empty());
    }
  }

  private final class OneThread implements Page {
    @Override
    public String path() {
      return THREAD;
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public View show(Visit visit) throws ApiException {
      ChatPerson person = desk.person(visit);
      ChatThread thread = desk.threads().find(person.owner(), id(visit, "thread"));
      return view(visit, person, Optional.of(thread));
    }
  }

  private final class ThreadList implements Page {
    @Override
    public String path() {
      return "/console/chats";
    }

    @Override
    public Audience audience() {
      return Audience.MEMBER;
    }

    @Override
    public View show(Visit visit) throws ApiException {
      return View.html("chat/list.jte", list(visit, desk.person(visit)));
    }
  }
}
