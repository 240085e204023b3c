/**
 * Checkpoints as their authors publish them: a folder with {@code config.json}, weights in
 * safetensors (one file, or several with an index) and {@code tokenizer.json}, seen as a GGUF
 * file's metadata and tensors.
 *
 * <p>A setting, a tensor or a splitting rule that this engine would not follow is refused by name:
 * a model that computes something else than its authors' must not come out. Everything a file says
 * is checked before it is believed. Knows nothing of hubs and stores.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.checkpoint;
