/**
 * Tokens to accelerators: what fits into memory, how fast a replica is, how many replicas a load
 * needs with its bursts, its queue and the loss of a site.
 */
@NullMarked
package io.yuntai.planner.capacity;

import org.jspecify.annotations.NullMarked;
