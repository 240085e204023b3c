/**
 * Whole gateways, their disks, their network and a bank in one thread and in virtual time, with
 * faults drawn from a seed. What runs is the product's own code; a run is repeated by its seed.
 */
@NullMarked
package io.yuntai.ledger.simulation;

import org.jspecify.annotations.NullMarked;
