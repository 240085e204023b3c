package io.yuntai.ledger.threads;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reading what was said: branches in windows, and searching all of it. Thread-safe. */
public final class MessageTree {
  /** Most messages of one window. */
  public static final int MAX_WINDOW = 2_048;

  private static final int EXCERPT_CHARS = 160;
  private static final int BEFORE_CHARS = 50;

  private final Transactions database;

  /** Messages of this database. */
  public MessageTree(Transactions database) {
    this.database = database;
  }

  /**
   * The end of a branch.
   *
   * @param lastId the last message that is wanted
   * @param limit most messages, 1 to {@link #MAX_WINDOW}
   * @throws RefusedException when the thread is not the person's
   */
  public MessageWindow window(ThreadOwner owner, UUID thread, long lastId, int limit) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, false);
          List<ChatMessage> up = branch(connection, owner, thread, lastId, limit);
          long before = up.isEmpty() ? 0 : up.getFirst().parentId();
          return new MessageWindow(
              up,
              twins(connection, owner, thread, up),
              branches(connection, owner, thread, up),
              before);
        });
  }

  /**
   * One message.
   *
   * @throws RefusedException when it is not the person's
   */
  public ChatMessage find(ThreadOwner owner, UUID thread, long id) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, false);
          return MessageRows.find(connection, owner, thread, id);
        });
  }

  /** The oldest first. */
  private static List<ChatMessage> branch(
      Connection connection, ThreadOwner owner, UUID thread, long lastId, int limit)
      throws SQLException {
    List<ChatMessage> up =
        new ArrayList<>(
            Rows.list(
                connection,
                "with recursive up as ("
                    + "select m.*, 1 as n from chat_message m where m.org_id = ? and m.thread_id = ? and m.id = ?"
                    + " union all select m.*, up.n + 1 from up join chat_message m"
                    + " on m.org_id = up.org_id and m.thread_id = up.thread_id and m.id = up.parent_id"
                    + " where up.n < ?) select "
                    + MessageRows.COLUMNS
                    + " from up m order by m.n",
                MessageRows::read,
                owner.orgId(),
                thread,
                lastId,
                Math.clamp(limit, 1, MAX_WINDOW)));
    Collections.reverse(up);
    return up;
  }

  private static Map<Long, ChatMessage> twins(
      Connection connection, ThreadOwner owner, UUID thread, List<ChatMessage> messages)
      throws SQLException {
    List<String> ids =
        messages.stream()
            .filter(message -> message.twinId() != 0)
            .map(message -> Long.toString(message.twinId()))
            .toList();
    Map<Long, ChatMessage> twins = new HashMap<>();
    if (!ids.isEmpty()) {
      Rows.list(
              connection,
              "select "
                  + MessageRows.COLUMNS
                  + " from chat_message m where m.org_id = ? and m.thread_id = ? and m.id = any(cast(? as bigint[]))",
              MessageRows::read,
              owner.orgId(),
              thread,
              ids)
          .forEach(twin -> twins.put(twin.twinId(), twin));
    }
    return twins;
  }

  private record Sibling(long parentId, long id, long twinId) {
    /** Two side by side are one branch. */
    long branch() {
      return twinId == 0 ? id : Math.min(id, twinId);
    }
  }

  private static Map<Long, List<Long>> branches(
      Connection connection, ThreadOwner owner, UUID thread, List<ChatMessage> messages)
      throws SQLException {
    List<String> parents =
        messages.stream()
            .filter(message -> message.parentId() != 0)
            .map(message -> Long.toString(message.parentId()))
            .toList();
    boolean root = messages.size() > parents.size();
    List<Sibling> siblings =
        Rows.list(
            connection,
            "select coalesce(parent_id, 0) as parent_id, id, coalesce(twin_id, 0) as twin_id from chat_message"
                + " where org_id = ? and thread_id = ? and (parent_id = any(cast(? as bigint[]))"
                + (root ? " or parent_id is null" : "")
                + ") order by id",
            row -> new Sibling(row.getLong("parent_id"), row.getLong("id"), row.getLong("twin_id")),
            owner.orgId(),
            thread,
            parents);
    Map<Long, List<Long>> byParent = new LinkedHashMap<>();
    for (Sibling sibling : siblings) {
      List<Long> branches = byParent.computeIfAbsent(sibling.parentId(), _ -> new ArrayList<>());
      if (!branches.contains(sibling.branch())) {
        branches.add(sibling.branch());
      }
    }
    Map<Long, List<Long>> branches = new HashMap<>();
    for (ChatMessage message : messages) {
      branches.put(message.id(), List.copyOf(byParent.getOrDefault(message.parentId(), List.of())));
    }
    return branches;
  }

  /**
   * Looks at another branch from now on: that of a message, down to what was said there last.
   *
   * @return its last message
   * @throws RefusedException when the message is not the person's
   */
  public long choose(ThreadOwner owner, UUID thread, long id) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, true);
          MessageRows.find(connection, owner, thread, id);
          long leaf =
              Rows.first(
                      connection,
                      "with recursive down as (select cast(? as bigint) as id"
                          + " union all select (select max(c.id) from chat_message c"
                          + " where c.org_id = ? and c.thread_id = ? and c.parent_id = down.id) from down"
                          + " where down.id is not null) select max(id) from down",
                      row -> row.getLong(1),
                      id,
                      owner.orgId(),
                      thread)
                  .orElse(id);
          Rows.change(
              connection,
              "update chat_thread set leaf_id = ? where org_id = ? and user_id = ? and id = ?",
              leaf,
              owner.orgId(),
              owner.userId(),
              thread);
          return leaf;
        });
  }

  /**
   * All messages of a thread in the order in which they were begun, from one on.
   *
   * @param afterId those with greater ids only
   */
  public List<ChatMessage> all(ThreadOwner owner, UUID thread, long afterId, int limit) {
    return database.runFor(
        owner.orgId(),
        connection -> {
          MessageRows.requireThread(connection, owner, thread, false);
          return Rows.list(
              connection,
              "select "
                  + MessageRows.COLUMNS
                  + " from chat_message m where m.org_id = ? and m.thread_id = ? and m.id > ? order by m.id limit ?",
              MessageRows::read,
              owner.orgId(),
              thread,
              afterId,
              Math.clamp(limit, 1, MAX_WINDOW));
        });
  }

  /**
   * Messages with all words of a question, the newest first. Words may be given by their
   * beginnings; of Chinese and the like, any characters that stand together are found.
   *
   * @param beforeId those with smaller ids only; {@link Long#MAX_VALUE} for all
   */
  public List<FoundMessage> search(ThreadOwner owner, String question, long beforeId, int limit) {
    String query = SearchWords.query(PlainText.of(question));
    if (query.isEmpty()) {
      return List.of();
    }
    String own = SearchWords.quoted(MessageRows.ownersWord(owner)) + " & " + query;
    return database.runFor(
        owner.orgId(),
        connection ->
            Rows.list(
                connection,
                "select m.id, m.thread_id, t.title, m.role, m.text, m.created_at from chat_message m"
                    + " join chat_thread t on t.org_id = m.org_id and t.id = m.thread_id"
                    + " where m.org_id = ? and t.user_id = ? and m.words @@ cast(? as tsquery) and m.id < ?"
                    + " order by m.id desc limit ?",
                row ->
                    new FoundMessage(
                        row.getObject("thread_id", UUID.class),
                        row.getString("title"),
                        row.getLong("id"),
                        ChatMessage.Role.of(row.getString("role")),
                        excerpt(row.getString("text"), question),
                        Rows.time(row, "created_at")),
                owner.orgId(),
                owner.userId(),
                own,
                beforeId,
                limit));
  }

  private static String excerpt(String text, String question) {
    String word = question.strip().split("\\s+", 2)[0];
    int at = Math.max(0, indexIgnoringCase(text, word));
    int from = Math.max(0, at - BEFORE_CHARS);
    int to = Math.min(text.length(), from + EXCERPT_CHARS);
    String cut = PlainText.of(text.substring(from, to)).replace("\uFFFD", "");
    return (from > 0 ? "..." : "")
        + cut.replaceAll("\\s+", " ")
        + (to < text.length() ? "..." : "");
  }

  private static int indexIgnoringCase(String text, String word) {
    for (int i = 0; i + word.length() <= text.length(); i++) {
      if (text.regionMatches(true, i, word, 0, word.length())) {
        return i;
      }
    }
    return -1;
  }
}
