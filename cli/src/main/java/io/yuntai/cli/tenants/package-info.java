/**
 * {@code yuntai tenants|keys|budgets|usage|audit}: who shares this server.
 *
 * <p>Commands work on the home's database, whether the server runs or not, by the same rules as the
 * admin API; a running server notices within a quarter of a second. What they print as JSON is what
 * that API answers.
 */
@NullMarked
package io.yuntai.cli.tenants;

import org.jspecify.annotations.NullMarked;
