/**
 * A PostgreSQL to stand on: the embedded one under Yuntai's home, or an external one by its URL.
 *
 * <p>{@link io.yuntai.ledger.database.Database} is the way in. The embedded server is the real
 * PostgreSQL in a child process. Invariants: one process at a time owns a home's server ({@code
 * HomeLock}); what was committed survives any kill; after {@code close} no process of the server is
 * left. This package knows connections and the schema's version, nothing of what the tables mean.
 */
@NullMarked
package io.yuntai.ledger.database;

import org.jspecify.annotations.NullMarked;
