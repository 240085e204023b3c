/**
 * The auditor: computes again from the rows what must hold, and compares the witnesses.
 *
 * <p>{@link io.yuntai.ledger.verify.Verification} reads everything in one snapshot, so it can run
 * beside a server that serves; {@link io.yuntai.ledger.verify.Reconciliation} looks at what is new
 * each minute and keeps the differences. Both only read what they judge. This package must not use
 * how the bank writes, apart from the bytes that are hashed.
 */
@NullMarked
package io.yuntai.ledger.verify;

import org.jspecify.annotations.NullMarked;
