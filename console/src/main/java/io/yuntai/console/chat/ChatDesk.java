package io.yuntai.console.chat;

import io.yuntai.console.markdown.Markdown;
import io.yuntai.console.page.Visit;
import io.yuntai.console.text.Language;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.threads.Attachment;
import io.yuntai.ledger.threads.Attachments;
import io.yuntai.ledger.threads.ChatMessage;
import io.yuntai.ledger.threads.ChatThread;
import io.yuntai.ledger.threads.MessageState;
import io.yuntai.ledger.threads.MessageTree;
import io.yuntai.ledger.threads.MessageWindow;
import io.yuntai.ledger.threads.Messages;
import io.yuntai.ledger.threads.Messages.Begun;
import io.yuntai.ledger.threads.Messages.Wanted;
import io.yuntai.ledger.threads.ThreadOwner;
import io.yuntai.ledger.threads.Threads;
import io.yuntai.server.auth.SessionPrincipals;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What people do in the chat. Safe for use by many threads. */
final class ChatDesk {
  /** An answer that gave no sign of life for so long belongs to a process that is gone. */
  private static final Duration SILENT = Duration.ofSeconds(10);

  private final Threads threads;
  private final Messages messages;
  private final MessageTree tree;
  private final Attachments attachments;
  private final SessionPrincipals principals;
  private final ModelOffers offers;
  private final Answering answering;
  private final boolean measuresEnergy;
  private final Map<Language, Markdown> markdowns = new EnumMap<>(Language.class);

  /**
   * @param labels words on code, by language
   */
  ChatDesk(ConsoleServices services, Map<Language, Markdown.Labels> labels) {
    Transactions database = new Transactions(services.admin().database());
    this.threads = new Threads(database);
    this.messages = new Messages(database);
    this.tree = new MessageTree(database);
    this.attachments = new Attachments(database);
    this.principals = new SessionPrincipals(database);
    this.offers =
        new ModelOffers(
            services.models(),
            services.gateway().routing(),
            new DatabaseRateCards(services.admin().database()),
            services.clock());
    this.measuresEnergy = services.energy().isPresent();
    this.answering = new Answering(services, messages);
    labels.forEach((language, words) -> markdowns.put(language, new Markdown(words)));
    messages.interruptSilent(SILENT);
  }

  Threads threads() {
    return threads;
  }

  MessageTree tree() {
    return tree;
  }

  Attachments attachments() {
    return attachments;
  }

  Answering answering() {
    return answering;
  }

  /** Whether this machine has a meter of energy. */
  boolean measuresEnergy() {
    return measuresEnergy;
  }

  Markdown markdown(Visit visit) {
    return markdowns.getOrDefault(
        visit.ui().language(), new Markdown(new Markdown.Labels("Copy", "code", "table")));
  }

  /**
   * Who visits, in the tenant that is looked at.
   *
   * @throws ApiException 404 or 403 where the person is no member of it, or may not ask models
   */
  ChatPerson person(Visit visit) throws ApiException {
    var member = principals.member(visit.session(), visit.tenantName());
    return new ChatPerson(
        new ThreadOwner(member.payer().orgId(), member.payer().userId()),
        member.principal(),
        member.currency());
  }

  List<ModelOffers.Offer> offers(ChatPerson person) {
    return offers.of(person);
  }

  /** The end of a branch, once what is left of a process that is gone has been ended. */
  MessageWindow window(ChatPerson person, UUID thread, long lastId, int limit) {
    MessageWindow window = tree.window(person.owner(), thread, lastId, limit);
    boolean orphan =
        window.messages().stream()
            .anyMatch(message ->
                message.state() == MessageState.RUNNING && !answering.isRunning(message.id()));
    if (orphan && messages.interruptSilent(SILENT) > 0) {
      return tree.window(person.owner(), thread, lastId, limit);
    }
    return window;
  }

  /** One message as it stands now. */
  ChatMessage message(ChatPerson person, UUID thread, long id) {
    ChatMessage message = tree.find(person.owner(), thread, id);
    if (message.state() == MessageState.RUNNING
        && !answering.isRunning(id)
        && messages.interruptSilent(SILENT) > 0) {
      return tree.find(person.owner(), thread, id);
    }
    return message;
  }

  /**
   * Says something and lets it be answered.
   *
   * @param parentId the answer that it follows; 0 for the beginning
   */
  Begun ask(
      Visit visit,
      ChatPerson person,
      ChatThread thread,
      long parentId,
      String text,
      List<UUID> files)
      throws ApiException {
    Begun begun = messages.ask(person.owner(), thread.id(), parentId, text, files, wanted(thread));
    answer(visit, person, thread, begun);
    return begun;
  }

  /** Lets a question be answered once more. */
  Begun askAgain(Visit visit, ChatPerson person, ChatThread thread, long questionId)
      throws ApiException {
    Begun begun = messages.askAgain(person.owner(), thread.id(), questionId, wanted(thread));
    answer(visit, person, thread, begun);
    return begun;
  }

  private static List<Wanted> wanted(ChatThread thread) throws ApiException {
    List<String> models = thread.settings().models();
    if (models.isEmpty()) {
      throw new ApiException(
          ApiError.invalidField("missing_required_parameter", "model", "Choose a model first."));
    }
    return models.stream().map(model -> new Wanted(model, thread.settings().parameters())).toList();
  }

  private void answer(Visit visit, ChatPerson person, ChatThread thread, Begun begun) {
    List<ChatMessage> branch = branch(person, thread.id(), begun.question().id());
    Map<Long, List<Attachment>> files = attachments.of(person.owner(), branch);
    for (ChatMessage answer : begun.answers()) {
      answering.begin(
          person,
          answer,
          ChatPrompt.of(
              answer.facts().model(),
              thread.settings().system(),
              branch,
              files,
              "",
              ChatParameters.ofKept(answer.facts().parameters())),
          markdown(visit));
    }
  }

  /** Lets an answer go on that ended before its end. */
  ChatMessage resume(Visit visit, ChatPerson person, ChatThread thread, long id) {
    ChatMessage answer = messages.resume(person.owner(), thread.id(), id);
    List<ChatMessage> branch = branch(person, thread.id(), answer.parentId());
    answering.begin(
        person,
        answer,
        ChatPrompt.of(
            answer.facts().model(),
            thread.settings().system(),
            branch,
            attachments.of(person.owner(), branch),
            answer.text(),
            ChatParameters.ofKept(answer.facts().parameters())),
        markdown(visit));
    return answer;
  }

  private List<ChatMessage> branch(ChatPerson person, UUID thread, long lastId) {
    return new ArrayList<>(
        tree.window(person.owner(), thread, lastId, MessageTree.MAX_WINDOW).messages());
  }
}
