/**
 * A gateway's part of the ledger: lets requests in, follows them, writes down what they used, and
 * settles it.
 *
 * <p>{@link io.yuntai.ledger.node.GatewayNode} joins lease book, journal and settlement, and has no
 * threads; {@link io.yuntai.ledger.node.NodeThreads} brings its errands to the bank. What a request
 * used is in the journal before its client has the last of it, goes to the bank in batches, and
 * stays in the journal until the bank has it. Nothing is dropped: where neither journal nor bank
 * take any more, no further request is let in.
 */
@NullMarked
package io.yuntai.ledger.node;

import org.jspecify.annotations.NullMarked;
