/**
 * Transformer decoders: metadata to configuration, tensors to layers, one forward pass over a flat
 * batch of tokens.
 *
 * <p>An architecture is one small file. Knows nothing of requests, queues or sampling.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.decoder;
