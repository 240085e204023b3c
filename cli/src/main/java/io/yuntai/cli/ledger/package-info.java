/** {@code yuntai ledger}: computes the ledger's rules again from its rows. */
@NullMarked
package io.yuntai.cli.ledger;

import org.jspecify.annotations.NullMarked;
