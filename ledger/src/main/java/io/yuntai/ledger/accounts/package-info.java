/**
 * What organisations owe and have: payments, refunds, and statements of account.
 *
 * <p>A statement is read from the ledger's entries, which never change, so the same time gives the
 * same statement for ever. Its balances are those of the accounts {@code receivable} and {@code
 * prepaid}, to the nano. The package adds nothing to the books but payments and refunds.
 */
@NullMarked
package io.yuntai.ledger.accounts;

import org.jspecify.annotations.NullMarked;
