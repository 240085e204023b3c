/**
 * "Who spent what, and is it exact?": the tree of what was spent, budgets, credit, payments,
 * invoices, and the proof that the ledger balances.
 */
@NullMarked
package io.yuntai.console.money;

import org.jspecify.annotations.NullMarked;
