/**
 * GGUF files: reading (versions 2 and 3: header, metadata, tensor directory, mapped data), writing
 * (version 3) and describing them.
 *
 * <p>Everything a file says is checked before it is believed: a damaged or hostile file gets one
 * {@link io.yuntai.engine.ModelFormatException} with one clear sentence that starts with the file's
 * name, and no count or length is allocated before the file has been seen to hold it. Knows nothing
 * of what tensors mean.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.gguf;
