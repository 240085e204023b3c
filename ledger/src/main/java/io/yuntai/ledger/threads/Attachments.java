package io.yuntai.ledger.threads;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.RefusedException.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The texts of files that people attach. Safe for use by many threads. */
public final class Attachments {
  private static final String COLUMNS =
      "id, coalesce(message_id, 0) as message_id, name, kind, pages, content, created_at";

  /** Most files of a person that were not sent. */
  private static final int MAX_DRAFTS = 50;

  private final Transactions database;

  /** Attachments of this database. */
  public Attachments(Transactions database) {
    this.database = database;
  }

  /**
   * Keeps a file's text until its message is sent, for a day at most.
   *
   * @param kind text, markdown, csv, pdf or docx
   * @param pages of a PDF; else 0
   * @throws RefusedException when it is too long, or too many are waiting
   */
  public Attachment add(ThreadOwner owner, String name, String kind, int pages, String content) {
    if (content.codePointCount(0, content.length()) > Attachment.MAX_CONTENT) {
      throw RefusedException.invalid(
          "file",
          "The file has more than %d characters of text, more than a message may carry: attach a part of it."
              .formatted(Attachment.MAX_CONTENT));
    }
    forgetOld();
    return database.runFor(
        owner.orgId(),
        connection -> {
          int drafts =
              Rows.first(
                      connection,
                      "select count(*) from chat_attachment where org_id = ? and user_id = ? and message_id is null",
                      row -> row.getInt(1),
                      owner.orgId(),
                      owner.userId())
                  .orElse(0);
          if (drafts >= MAX_DRAFTS) {
            throw new RefusedException(
                Reason.CONFLICT,
                "",
                "%d of your files wait to be sent: send or remove some of them first."
                    .formatted(drafts));
          }
          return Rows.first(
                  connection,
                  "insert into chat_attachment (org_id, user_id, name, kind, pages, content)"
                      + " values (?, ?, ?, ?, ?, ?) returning "
                      + COLUMNS,
                  Attachments::read,
                  owner.orgId(),
                  owner.userId(),
                  PlainText.of(name, 200),
                  kind,
                  pages,
                  PlainText.of(content))
              .orElseThrow();
        });
  }

  private void forgetOld() {
    database.run(connection ->
        Rows.change(
            connection,
            "delete from chat_attachment where message_id is null and created_at < clock_timestamp() - interval '1 day'"));
  }

  /** Removes a file that has not been sent; without effect on others. */
  public void remove(ThreadOwner owner, UUID id) {
    database.run(connection ->
        Rows.change(
            connection,
            "delete from chat_attachment where org_id = ? and user_id = ? and id = ? and message_id is null",
            owner.orgId(),
            owner.userId(),
            id));
  }

  /** The files of some messages, by message, in the order in which they were sent along. */
  public Map<Long, List<Attachment>> of(ThreadOwner owner, List<ChatMessage> messages) {
    List<String> ids = messages.stream().map(message -> Long.toString(message.id())).toList();
    List<Attachment> found =
        database.runFor(
            owner.orgId(),
            connection ->
                Rows.list(
                    connection,
                    "select "
                        + COLUMNS
                        + " from chat_attachment where org_id = ? and user_id = ?"
                        + " and message_id = any(cast(? as bigint[])) order by position, created_at, id",
                    Attachments::read,
                    owner.orgId(),
                    owner.userId(),
                    ids));
    Map<Long, List<Attachment>> byMessage = new HashMap<>();
    for (Attachment file : found) {
      byMessage.computeIfAbsent(file.messageId(), _ -> new ArrayList<>()).add(file);
    }
    return byMessage;
  }

  private static Attachment read(ResultSet row) throws SQLException {
    return new Attachment(
        row.getObject("id", UUID.class),
        row.getLong("message_id"),
        row.getString("name"),
        row.getString("kind"),
        row.getInt("pages"),
        row.getString("content"),
        Rows.time(row, "created_at"));
  }
}
