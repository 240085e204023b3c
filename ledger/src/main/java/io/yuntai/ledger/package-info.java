/**
 * What Yuntai must not lose: the database and what is written in it.
 *
 * <p>{@link io.yuntai.ledger.database} brings up PostgreSQL and its schema; {@link
 * io.yuntai.ledger.keys} keeps the API keys. This module knows no HTTP, no model and no command
 * line.
 */
@NullMarked
package io.yuntai.ledger;

import org.jspecify.annotations.NullMarked;
