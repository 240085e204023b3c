/**
 * Transformer decoders: metadata to configuration, tensors to layers, one forward pass over a flat
 * batch of tokens.
 *
 * <p>An architecture is one small file: it reads a file's keys into a {@link
 * io.yuntai.engine.decoder.ModelConfig}, whose attention and feed-forward shapes choose the parts
 * that {@link io.yuntai.engine.decoder.TransformerDecoder} is made of. Knows nothing of requests,
 * queues or sampling.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.decoder;
