/**
 * Tests of serving with a decoder that is fake but strict: its logits are a hash of the tokens that
 * it finds in the KV blocks, so a wrong block, order or position shows as another answer.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.serving;
