/**
 * What makes the ledger's entries tell when one was changed: Merkle trees over what an entry says,
 * a chain of entries for each organisation, and signed roots over all chains.
 *
 * <p>Pure functions over bytes, and the signing key's file. Whoever has the rows can compute all of
 * it again ({@code docs/ledger.md} gives the bytes), so nothing here may ever change for entries
 * that exist. This package knows no SQL.
 */
@NullMarked
package io.yuntai.ledger.chain;

import org.jspecify.annotations.NullMarked;
