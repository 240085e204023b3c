/**
 * Pulling: from a reference to a verified file in the store, through the reference's sources in
 * order.
 *
 * <p>Invariants: a file enters the store only after its SHA-256 was computed over the assembled
 * bytes, and equals the pinned one where there is one; a pull that ends early, for whatever reason
 * but a wrong checksum, leaves what it has for the next one; every wait and retry has a bound. It
 * does not draw: events go to a {@link io.yuntai.models.pull.PullListener}.
 */
@NullMarked
package io.yuntai.models.pull;

import org.jspecify.annotations.NullMarked;
