package io.yuntai.ledger.threads;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Page;
import io.yuntai.ledger.tenancy.PageRequest;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.threads.ChatThread.ThreadSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The threads of people. Safe for use by many threads. */
public final class Threads {
  private static final String SELECT =
      "select id, title, system_prompt, models, parameters, coalesce(leaf_id, 0) as leaf_id, archived,"
          + " created_at, changed_at from chat_thread where org_id = ? and user_id = ?";

  private static final int MAX_OF_PERSON = 20_000;

  private final Transactions database;

  /** Threads of this database. */
  public Threads(Transactions database) {
    this.database = database;
  }

  /**
   * Begins a thread.
   *
   * @throws RefusedException when a value is too long, or the person has too many threads
   */
  public ChatThread create(ThreadOwner owner, String title, ThreadSettings settings) {
    check(title, settings);
    return database.runFor(
        owner.orgId(),
        connection -> {
          int count =
              Rows.first(
                      connection,
                      "select count(*) from chat_thread where org_id = ? and user_id = ?",
                      row -> row.getInt(1),
                      owner.orgId(),
                      owner.userId())
                  .orElse(0);
          if (count >= MAX_OF_PERSON) {
            throw new RefusedException(
                RefusedException.Reason.CONFLICT,
                "",
                "You have %d conversations, as many as one person may: delete some first."
                    .formatted(count));
          }
          return Rows.first(
                  connection,
                  "insert into chat_thread (org_id, user_id, title, system_prompt, models, parameters)"
                      + " values (?, ?, ?, ?, ?, ?) returning id, title, system_prompt, models,"
                      + " parameters, 0 as leaf_id, archived, created_at, changed_at",
                  Threads::read,
                  owner.orgId(),
                  owner.userId(),
                  PlainText.of(title),
                  PlainText.of(settings.system()),
                  settings.models(),
                  settings.parameters())
              .orElseThrow();
        });
  }

  private static void check(String title, ThreadSettings settings) {
    atMost("title", title, ChatThread.MAX_TITLE);
    atMost("system", settings.system(), ThreadSettings.MAX_SYSTEM);
    atMost("parameters", settings.parameters(), ThreadSettings.MAX_PARAMETERS);
  }

  private static void atMost(String field, String text, int chars) {
    if (text.codePointCount(0, text.length()) > chars) {
      throw RefusedException.invalid(
          field, "The %s has at most %d characters.".formatted(field, chars));
    }
  }

  /**
   * A person's thread.
   *
   * @throws RefusedException when there is none of this id, or it is somebody else's
   */
  public ChatThread find(ThreadOwner owner, UUID id) {
    return database
        .runFor(
            owner.orgId(),
            connection ->
                Rows.first(
                    connection,
                    SELECT + " and id = ?",
                    Threads::read,
                    owner.orgId(),
                    owner.userId(),
                    id))
        .orElseThrow(() -> RefusedException.notFound("conversation", id.toString()));
  }

  /** A person's threads, those in which something was said last first. */
  public Page<ChatThread> list(ThreadOwner owner, boolean archived, PageRequest page) {
    Place after = Place.of(page.after());
    return database.runFor(
        owner.orgId(),
        connection ->
            page.cut(
                Rows.list(
                    connection,
                    SELECT
                        + " and archived = ? and (changed_at, id) < (?, ?)"
                        + " order by changed_at desc, id desc limit ?",
                    Threads::read,
                    owner.orgId(),
                    owner.userId(),
                    archived,
                    after.at(),
                    after.id(),
                    page.limit() + 1),
                thread -> new Place(thread.changed(), thread.id()).text()));
  }

  /** A place in the list of threads. */
  private record Place(Instant at, UUID id) {
    static final Place TOP = new Place(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1L, -1L));

    static Place of(Optional<String> cursor) {
      if (cursor.isEmpty()) {
        return TOP;
      }
      String[] parts = cursor.get().split("_", -1);
      try {
        if (parts.length == 2 && parts[0].matches("[0-9]{1,17}")) {
          return new Place(
              Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS),
              UUID.fromString(parts[1]));
        }
      } catch (IllegalArgumentException _) {
        // Said below.
      }
      throw RefusedException.invalid("cursor", "The cursor is not one that a list here gave.");
    }

    String text() {
      return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "_" + id;
    }
  }

  /** Threads whose titles hold all words of a question, those changed last first. */
  public List<ChatThread> titled(ThreadOwner owner, String question, int limit) {
    String pattern = "%" + question.strip().replaceAll("([\\\\%_])", "\\\\$1") + "%";
    return database.runFor(
        owner.orgId(),
        connection ->
            Rows.list(
                connection,
                SELECT + " and title ilike ? order by changed_at desc limit ?",
                Threads::read,
                owner.orgId(),
                owner.userId(),
                PlainText.of(pattern),
                limit));
  }

  /**
   * Gives a thread another title.
   *
   * @throws RefusedException when there is no such thread, or the title is too long
   */
  public void rename(ThreadOwner owner, UUID id, String title) {
    atMost("title", title, ChatThread.MAX_TITLE);
    change(owner, id, "title = ?", PlainText.of(title));
  }

  /**
   * Puts a thread out of the way, or back.
   *
   * @throws RefusedException when there is no such thread
   */
  public void archive(ThreadOwner owner, UUID id, boolean archived) {
    change(owner, id, "archived = ?", archived);
  }

  /**
   * Changes what the thread's next questions are asked with.
   *
   * @throws RefusedException when there is no such thread, or a value is too long
   */
  public void change(ThreadOwner owner, UUID id, ThreadSettings settings) {
    check("", settings);
    change(
        owner,
        id,
        "system_prompt = ?, models = ?, parameters = ?",
        PlainText.of(settings.system()),
        settings.models(),
        settings.parameters());
  }

  private void change(ThreadOwner owner, UUID id, String what, @Nullable Object... values) {
    @Nullable Object[] all = java.util.Arrays.copyOf(values, values.length + 3);
    all[values.length] = owner.orgId();
    all[values.length + 1] = owner.userId();
    all[values.length + 2] = id;
    int changed =
        database.runFor(
            owner.orgId(),
            connection ->
                Rows.change(
                    connection,
                    "update chat_thread set "
                        + what
                        + " where org_id = ? and user_id = ? and id = ?",
                    all));
    if (changed == 0) {
      throw RefusedException.notFound("conversation", id.toString());
    }
  }

  /**
   * Deletes a thread for good, with all that was said in it.
   *
   * @throws RefusedException when there is no such thread
   */
  public void delete(ThreadOwner owner, UUID id) {
    // Tenants' role deletes nothing, whatever the table.
    int deleted =
        database.run(connection ->
            Rows.change(
                connection,
                "delete from chat_thread where org_id = ? and user_id = ? and id = ?",
                owner.orgId(),
                owner.userId(),
                id));
    if (deleted == 0) {
      throw RefusedException.notFound("conversation", id.toString());
    }
  }

  private static ChatThread read(ResultSet row) throws SQLException {
    return new ChatThread(
        row.getObject("id", UUID.class),
        row.getString("title"),
        new ThreadSettings(
            row.getString("system_prompt"),
            Rows.textsOrNone(row, "models"),
            row.getString("parameters")),
        row.getLong("leaf_id"),
        row.getBoolean("archived"),
        Rows.time(row, "created_at"),
        Rows.time(row, "changed_at"));
  }
}
