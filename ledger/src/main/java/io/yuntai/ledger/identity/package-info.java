/**
 * How people prove who they are: passwords, second factors, one-time links, and the sessions that
 * come of them.
 *
 * <p>Nothing here can be used by who steals the database: tokens and recovery codes lie there as
 * HMACs under the pepper, secrets of second factors are sealed under it, passwords are hashed by
 * Argon2id. What a person signs in with reaches as far as whoever vouched for the person: a
 * tenant's link opens that tenant only. Each sign-in and each failed one is in the audit log. This
 * package knows no HTTP and no cookies.
 */
@NullMarked
package io.yuntai.ledger.identity;

import org.jspecify.annotations.NullMarked;
