/**
 * Where money and quota are kept: counters with limits, leases on them, usage, and the ledger.
 *
 * <p>{@link io.yuntai.ledger.bank.Bank} is all that a gateway sees of it: a lease lets a gateway
 * spend from a counter without asking; what it spent it settles in batches. Invariants, held by
 * constraints of the tables and not by this code: what is settled and what is leased never exceed a
 * counter's limit together; a request is recorded once, however often and by whomever it is sent; a
 * transfer is balanced by its shape. The clock is the database's. This package knows no gateway, no
 * journal and no plan.
 */
@NullMarked
package io.yuntai.ledger.bank;

import org.jspecify.annotations.NullMarked;
