package io.yuntai.ledger.tenancy;

import io.yuntai.ledger.database.Rows;
import io.yuntai.ledger.database.Transactions;
import java.util.Optional;

/**
 * A tenant as somebody who is signed in asks models in it.
 *
 * @param orgId row of the table {@code org}
 * @param projectId of the project {@code default}, else of the first one
 * @param currency that it pays in
 * @param suspended whether it is not served now
 */
public record ServedTenant(long orgId, long projectId, String currency, boolean suspended) {
  /** The tenant of this name; empty where there is none, or it has no project. */
  public static Optional<ServedTenant> find(Transactions database, String name) {
    return database.run(connection ->
        Rows.first(
            connection,
            "select o.id, p.id, o.currency, o.status = 'suspended' from org o"
                + " join project p on p.org_id = o.id and p.status = 'active'"
                + " where o.name = ? and o.status <> 'deleted'"
                + " order by p.name = 'default' desc, p.id limit 1",
            row ->
                new ServedTenant(
                    row.getLong(1), row.getLong(2), row.getString(3), row.getBoolean(4)),
            name));
  }
}
