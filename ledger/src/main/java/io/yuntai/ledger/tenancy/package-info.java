/**
 * Who shares this server: organisations with their projects, members, service accounts and credit,
 * and the log of what was done to them.
 *
 * <p>Everything that belongs to an organisation is asked for together with it, in transactions that
 * PostgreSQL itself holds to its rows: a tenant that guesses another's names or numbers finds
 * nothing. Each change is written to the audit log in its own transaction. Nothing is deleted, it
 * is only marked: usage and invoices refer to it for ever. This package knows no HTTP and no
 * gateway.
 */
@NullMarked
package io.yuntai.ledger.tenancy;

import org.jspecify.annotations.NullMarked;
