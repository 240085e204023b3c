/**
 * Packed weights kept on disk, so that a model is packed once and not at every start.
 *
 * <p>A file here is only ever a copy of what packing gives: it is bound to the model file it was
 * made of, every byte is verified before use, and whatever is wrong with it, the answer is to pack
 * again. Nothing here knows how a matrix is laid out; {@code PackedMatrix.LAYOUT_VERSION} tells
 * layouts apart.
 */
@NullMarked
package io.yuntai.engine.packed;

import org.jspecify.annotations.NullMarked;
