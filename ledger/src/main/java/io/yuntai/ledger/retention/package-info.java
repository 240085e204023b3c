/**
 * Takes what is old out of the database: days of usage go to files, engines' receipts go for good.
 * Of each entry enough stays that its chain can be computed on, and a file's digest is in the
 * database, so a file that was changed is found out. Days go in their order and none comes back,
 * but {@link io.yuntai.ledger.retention.ArchivedUsage} shows their rows to a single transaction.
 */
@NullMarked
package io.yuntai.ledger.retention;

import org.jspecify.annotations.NullMarked;
