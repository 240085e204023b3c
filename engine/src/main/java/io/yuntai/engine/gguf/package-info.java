/**
 * Reading GGUF files (version 2 and 3): header, metadata, tensor directory, mapped data.
 *
 * <p>Everything a file says is checked before it is believed: a damaged or hostile file gets one
 * {@link io.yuntai.engine.ModelFormatException} with one clear sentence. Knows nothing of what
 * tensors mean.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.gguf;
