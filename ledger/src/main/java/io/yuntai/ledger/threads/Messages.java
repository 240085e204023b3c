package io.yuntai.ledger.threads;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.ChatMessage.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Saying things: each question and each answer once, changed only while it runs. Thread-safe. */
public final class Messages {
  /** Deepest branch. */
  public static final int MAX_DEPTH = 20_000;

  private final Transactions database;

  /** Messages of this database. */
  public Messages(Transactions database) {
    this.database = database;
  }

  /**
   * An answer that is asked for.
   *
   * @param model who is asked
   * @param parameters with what: a JSON object
   */
  public record Wanted(String model, String parameters) {}

  /**
   * What a question began.
   *
   * @param question what was said
   * @param answers running, one for each model
   */
  public record Begun(ChatMessage question, List<ChatMessage> answers) {
    /** Copies the list. */
    public Begun {
      answers = List.copyOf(answers);
    }
  }

  /**
   * Says something and begins its answers, which become the branch that is looked at.
   *
   * @param parentId the answer that it follows; 0 for the beginning
   * @param files attachments of the person's: those that have not been sent yet go along, and of
   *     those that were sent in this thread copies do
   * @param wanted one or two
   * @throws RefusedException when the thread, the parent or a file is not the person's
   */
  public Begun ask(
      ThreadOwner owner,
      UUID thread,
      long parentId,
      String text,
      List<UUID> files,
      List<Wanted> wanted) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, true);
          if (parentId != 0
              && MessageRows.find(connection, owner, thread, parentId).role() != Role.ASSISTANT) {
            throw new RefusedException(
                Reason.CONFLICT, "parent", "A question follows an answer, or begins.");
          }
          ChatMessage question =
              insert(
                  connection,
                  owner,
                  thread,
                  parentId,
                  Role.USER,
                  text,
                  MessageState.COMPLETE,
                  AnswerFacts.NONE);
          attach(connection, owner, thread, question, files);
          return new Begun(question, answers(connection, owner, thread, question, wanted));
        });
  }

  /**
   * Begins further answers to a question.
   *
   * @throws RefusedException when there is no such question
   */
  public Begun askAgain(ThreadOwner owner, UUID thread, long questionId, List<Wanted> wanted) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, true);
          ChatMessage question = MessageRows.find(connection, owner, thread, questionId);
          if (question.role() != Role.USER) {
            throw new RefusedException(
                Reason.CONFLICT, "message", "Only questions can be asked again.");
          }
          return new Begun(question, answers(connection, owner, thread, question, wanted));
        });
  }

  private static List<ChatMessage> answers(
      Connection connection,
      ThreadOwner owner,
      UUID thread,
      ChatMessage question,
      List<Wanted> wanted)
      throws SQLException {
    if (wanted.isEmpty() || wanted.size() > 2) {
      throw new IllegalArgumentException(wanted.size() + " answers are not one or two");
    }
    List<Long> ids = new ArrayList<>();
    for (Wanted each : wanted) {
      ids.add(
          insert(
                  connection,
                  owner,
                  thread,
                  question.id(),
                  Role.ASSISTANT,
                  "",
                  MessageState.RUNNING,
                  AnswerFacts.asked(each.model(), each.parameters()))
              .id());
    }
    if (ids.size() == 2) {
      twin(connection, owner, ids.getFirst(), ids.getLast());
      twin(connection, owner, ids.getLast(), ids.getFirst());
    }
    Rows.change(
        connection,
        "update chat_thread set leaf_id = ?, changed_at = clock_timestamp() where org_id = ? and id = ?",
        ids.getFirst(),
        owner.orgId(),
        thread);
    List<ChatMessage> answers = new ArrayList<>();
    for (long id : ids) {
      answers.add(MessageRows.find(connection, owner, thread, id));
    }
    return answers;
  }

  private static void twin(Connection connection, ThreadOwner owner, long one, long other)
      throws SQLException {
    Rows.change(
        connection,
        "update chat_message set twin_id = ? where org_id = ? and id = ?",
        other,
        owner.orgId(),
        one);
  }

  private static ChatMessage insert(
      Connection connection,
      ThreadOwner owner,
      UUID thread,
      long parentId,
      Role role,
      String text,
      MessageState state,
      AnswerFacts facts)
      throws SQLException {
    if (text.length() > ChatMessage.MAX_TEXT) {
      throw RefusedException.invalid(
          "text", "A message has at most %d characters.".formatted(ChatMessage.MAX_TEXT));
    }
    String kept = PlainText.of(text);
    @Nullable Long parent = parentId == 0 ? null : parentId;
    long id =
        Rows.first(
                connection,
                "insert into chat_message (org_id, thread_id, parent_id, role, text, state, model,"
                    + " parameters, words) values (?, ?, ?, ?, ?, ?, ?, ?, array_to_tsvector(?))"
                    + " returning id",
                row -> row.getLong(1),
                owner.orgId(),
                thread,
                parent,
                role.label(),
                kept,
                state.label(),
                facts.model(),
                facts.parameters(),
                words(owner, kept))
            .orElseThrow();
    return MessageRows.find(connection, owner, thread, id);
  }

  private static List<String> words(ThreadOwner owner, String text) {
    List<String> words = new ArrayList<>(SearchWords.of(text));
    words.add(MessageRows.ownersWord(owner));
    return words;
  }

  private static void attach(
      Connection connection, ThreadOwner owner, UUID thread, ChatMessage question, List<UUID> files)
      throws SQLException {
    if (files.size() > Attachment.MAX_OF_MESSAGE) {
      throw RefusedException.invalid(
          "attachments", "A message has at most %d files.".formatted(Attachment.MAX_OF_MESSAGE));
    }
    for (int position = 0; position < files.size(); position++) {
      UUID file = files.get(position);
      int bound =
          Rows.change(
              connection,
              "update chat_attachment set thread_id = ?, message_id = ?, position = ?"
                  + " where org_id = ? and user_id = ? and id = ? and message_id is null",
              thread,
              question.id(),
              position,
              owner.orgId(),
              owner.userId(),
              file);
      if (bound == 0 && copy(connection, owner, thread, question, file, position) == 0) {
        throw RefusedException.notFound("file", file.toString());
      }
    }
  }

  /** A question that is asked in other words takes the files of the first one along. */
  private static int copy(
      Connection connection,
      ThreadOwner owner,
      UUID thread,
      ChatMessage question,
      UUID file,
      int position)
      throws SQLException {
    return Rows.change(
        connection,
        "insert into chat_attachment (org_id, user_id, thread_id, message_id, position, name, kind, pages, content)"
            + " select org_id, user_id, thread_id, ?, ?, name, kind, pages, content from chat_attachment"
            + " where org_id = ? and user_id = ? and thread_id = ? and id = ?",
        question.id(),
        position,
        owner.orgId(),
        owner.userId(),
        thread,
        file);
  }

  /**
   * Lets an answer that has ended go on.
   *
   * @throws RefusedException when it is no answer, or runs
   */
  public ChatMessage resume(ThreadOwner owner, UUID thread, long id) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, true);
          int changed =
              Rows.change(
                  connection,
                  "update chat_message set state = 'running', reason = '', note = '', changed_at = clock_timestamp()"
                      + " where org_id = ? and thread_id = ? and id = ? and role = 'assistant' and state <> 'running'",
                  owner.orgId(),
                  thread,
                  id);
          if (changed == 0) {
            throw new RefusedException(
                Reason.CONFLICT, "message", "Only an answer that has ended can be continued.");
          }
          return MessageRows.find(connection, owner, thread, id);
        });
  }

  /**
   * What has come so far of an answer that runs; also where nothing more has come, as a sign of
   * life.
   */
  public void progress(ThreadOwner owner, long id, String text, String thoughts) {
    database.runFor(
        owner.orgId(),
        connection ->
            Rows.change(
                connection,
                "update chat_message set text = ?, thoughts = ?, changed_at = clock_timestamp()"
                    + " where org_id = ? and id = ? and state = 'running'",
                PlainText.of(text, ChatMessage.MAX_TEXT),
                PlainText.of(thoughts, ChatMessage.MAX_TEXT),
                owner.orgId(),
                id));
  }

  /** Signs of life of answers that run. */
  public void alive(List<Long> ids) {
    database.run(connection ->
        Rows.change(
            connection,
            "update chat_message set changed_at = clock_timestamp()"
                + " where id = any(cast(? as bigint[])) and state = 'running'",
            ids.stream().map(id -> Long.toString(id)).toList()));
  }

  /**
   * An answer has ended. Without effect on one that had, or that was deleted; but one that was only
   * taken for dead has its true end.
   */
  public void end(ThreadOwner owner, long id, MessageEnd end) {
    String text = PlainText.of(end.text(), ChatMessage.MAX_TEXT);
    AnswerFacts facts = end.facts();
    database.runFor(
        owner.orgId(),
        connection ->
            Rows.change(
                connection,
                "update chat_message set text = ?, thoughts = ?, state = ?, reason = ?, note = ?, input_tokens = ?,"
                    + " cached_tokens = ?, output_tokens = ?, price_nano = ?, currency = ?, request_id = ?,"
                    + " first_millis = ?, millis = ?, energy_millijoules = ?, words = array_to_tsvector(?), changed_at = clock_timestamp()"
                    + " where org_id = ? and id = ? and (state = 'running' or reason = 'server_gone')",
                text,
                PlainText.of(end.thoughts(), ChatMessage.MAX_TEXT),
                end.state().label(),
                end.reason(),
                PlainText.of(end.note(), 2000),
                facts.inputTokens(),
                facts.cachedTokens(),
                facts.outputTokens(),
                facts.priceNanos(),
                facts.currency(),
                facts.requestId().orElse(null),
                facts.firstMillis(),
                facts.millis(),
                facts.energyMillijoules().isPresent()
                    ? facts.energyMillijoules().getAsLong()
                    : null,
                words(owner, text),
                owner.orgId(),
                id));
  }

  /**
   * Says of answers that show no sign of life that they were interrupted: the process that worked
   * for them is gone.
   *
   * @param silent for how long
   * @return how many
   */
  public int interruptSilent(Duration silent) {
    return database.run(connection ->
        Rows.change(
            connection,
            "update chat_message set state = 'interrupted', reason = 'server_gone'"
                + " where state = 'running' and changed_at <= clock_timestamp() - ? * interval '1 millisecond'",
            silent.toMillis()));
  }
}
