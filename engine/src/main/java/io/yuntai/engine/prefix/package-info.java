/**
 * Long prompts that outlive the process: full KV blocks on disk, found again by what was asked.
 *
 * <p>{@link io.yuntai.engine.prefix.PrefixDisk} is a folder of blocks with a bound on its size; it
 * knows keys and bytes. {@link io.yuntai.engine.prefix.PromptKeeper} is one model's use of it: it
 * reads what the folder has of a prompt before the prompt is queued, and gives the folder the
 * blocks that a prefill computed.
 *
 * <p>Invariants: a key is a chain of SHA-256 over a secret of this home, the model, the layout of
 * keys and values, the namespace, and all tokens up to the block's end, so that a block found is
 * the block computed, bit for bit, and no namespace finds another's; what was damaged on disk is
 * noticed and forgotten; nothing here fails a request or makes the step thread wait for a disk.
 */
@NullMarked
package io.yuntai.engine.prefix;

import org.jspecify.annotations.NullMarked;
