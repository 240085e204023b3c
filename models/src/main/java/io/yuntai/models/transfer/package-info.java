/**
 * One file over HTTP, in parallel ranges, resumable after a cut or a kill.
 *
 * <p>Invariants: bytes of two versions of a remote file are never mixed; a credential never leaves
 * the host it is for; every retry, redirect and wait has a bound. It knows nothing of models, hubs
 * or checksums.
 */
@NullMarked
package io.yuntai.models.transfer;

import org.jspecify.annotations.NullMarked;
