/**
 * {@code yuntai model ...}: tools for people who look inside a model, and for checks from outside:
 * metadata and tensors, token ids, logits, rendered prompts, perplexity.
 *
 * <p>Exactly what the engine does, with nothing around it: no server, no sampling, no chat.
 */
@NullMarked
package io.yuntai.cli.inspect;

import org.jspecify.annotations.NullMarked;
