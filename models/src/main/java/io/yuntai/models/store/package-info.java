/**
 * The models on this machine: one folder for each under {@code HOME/models}, the file and its
 * {@code model.json} beside it.
 *
 * <p>Invariants: a model's folder appears and disappears in one rename, so whatever is listed is
 * whole, whenever the process was killed; unfinished downloads lie in {@code partial} and are never
 * listed; only what was pulled into the store is ever removed by it. The store does not know where
 * models come from.
 */
@NullMarked
package io.yuntai.models.store;

import org.jspecify.annotations.NullMarked;
