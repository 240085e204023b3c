package io.yuntai.ledger.threads;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.threads.ChatMessage.AnswerFacts;
import io.yuntai.ledger.threads.ChatMessage.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** What the statements on messages have in common. */
final class MessageRows {
  static final String COLUMNS =
      "m.id, m.thread_id, coalesce(m.parent_id, 0) as parent_id, coalesce(m.twin_id, 0) as twin_id, m.role,"
          + " m.text, m.thoughts, m.state, m.reason, m.note, m.model, m.parameters, m.input_tokens,"
          + " m.cached_tokens, m.output_tokens, m.price_nano, m.currency, m.request_id, m.first_millis,"
          + " m.millis, m.energy_millijoules, m.created_at";

  private MessageRows() {}

  static ChatMessage read(ResultSet row) throws SQLException {
    return new ChatMessage(
        row.getLong("id"),
        row.getLong("parent_id"),
        row.getLong("twin_id"),
        Role.of(row.getString("role")),
        row.getString("text"),
        row.getString("thoughts"),
        MessageState.of(row.getString("state")),
        row.getString("reason"),
        row.getString("note"),
        new AnswerFacts(
            row.getString("model"),
            row.getString("parameters"),
            row.getLong("input_tokens"),
            row.getLong("cached_tokens"),
            row.getLong("output_tokens"),
            row.getLong("price_nano"),
            row.getString("currency"),
            Optional.ofNullable(row.getObject("request_id", UUID.class)),
            row.getLong("first_millis"),
            row.getLong("millis"),
            energy(row)),
        Rows.time(row, "created_at"));
  }

  private static OptionalLong energy(ResultSet row) throws SQLException {
    long millijoules = row.getLong("energy_millijoules");
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(millijoules);
  }

  /** Refuses a thread that is not the person's; locks it where it is to be changed. */
  static void requireThread(Connection connection, ThreadOwner owner, UUID thread, boolean toChange)
      throws SQLException {
    var _ =
        Rows.first(
                connection,
                "select 1 from chat_thread where org_id = ? and user_id = ? and id = ?"
                    + (toChange ? " for update" : ""),
                row -> true,
                owner.orgId(),
                owner.userId(),
                thread)
            .orElseThrow(() -> RefusedException.notFound("conversation", thread.toString()));
  }

  static ChatMessage find(Connection connection, ThreadOwner owner, UUID thread, long id)
      throws SQLException {
    return Rows.first(
            connection,
            "select "
                + COLUMNS
                + " from chat_message m where m.org_id = ? and m.thread_id = ? and m.id = ?",
            MessageRows::read,
            owner.orgId(),
            thread,
            id)
        .orElseThrow(() -> RefusedException.notFound("message", Long.toString(id)));
  }

  /** The lexeme that all of a person's messages have. */
  static String ownersWord(ThreadOwner owner) {
    return "#" + owner.orgId() + "." + owner.userId();
  }
}
