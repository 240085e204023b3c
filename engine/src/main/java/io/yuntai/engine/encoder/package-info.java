/**
 * Encoders: models that read whole texts and give one vector, or one score, for each.
 *
 * <p>Every token of a sequence sees all of it, so a sequence is computed in one step and never in
 * chunks; several share a step without padding. A sequence's result never depends on the others: on
 * the same kernels as the decoder, to the same contract (docs/decisions/001-numeric-contract.md).
 * Nothing here knows queues, tenants or text.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.encoder;
