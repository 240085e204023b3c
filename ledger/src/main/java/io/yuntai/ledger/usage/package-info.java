/**
 * What was used: sums over the records that the bank settled, for tenants and whoever runs the
 * server. It only reads.
 */
@NullMarked
package io.yuntai.ledger.usage;

import org.jspecify.annotations.NullMarked;
