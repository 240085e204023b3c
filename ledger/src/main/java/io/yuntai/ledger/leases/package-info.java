/**
 * What a gateway knows of the counters it draws from: leases, and what requests hold of them.
 *
 * <p>A lease is a part of a counter that {@link io.yuntai.ledger.bank.Bank} gave to this gateway;
 * from it requests are let in without asking anybody. Invariants: what requests hold and what was
 * captured but is not settled never exceed what a lease still has; a request gets all of its
 * counters or none; nothing is let in by a lease after its deadline, which is counted from before
 * the lease was asked for; nobody is refused before the bank was asked after the request came.
 *
 * <p>Everything here is a state machine without threads, clocks and I/O: times come in as
 * arguments, and what the bank is to be asked is fetched as {@link
 * io.yuntai.ledger.leases.LeaseWork} and brought back as its outcome. So the simulator of the tests
 * runs this very code. Callers see to it that one thread at a time uses a {@link
 * io.yuntai.ledger.leases.LeaseBook}.
 */
@NullMarked
package io.yuntai.ledger.leases;

import org.jspecify.annotations.NullMarked;
