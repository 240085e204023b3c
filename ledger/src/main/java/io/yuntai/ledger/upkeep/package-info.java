/**
 * What must happen to the ledger by itself: leases of lost gateways return, tomorrow's partitions
 * are there today, witnesses are compared, each day's root is signed, old leases go. Any number of
 * servers may do it on one database. This package decides when; how is told elsewhere.
 */
@NullMarked
package io.yuntai.ledger.upkeep;

import org.jspecify.annotations.NullMarked;
