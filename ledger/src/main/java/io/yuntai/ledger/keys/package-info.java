/**
 * API keys: made, listed, revoked and checked.
 *
 * <p>The database holds only an HMAC of each key under a pepper that lies outside it ({@link
 * io.yuntai.ledger.keys.Pepper}); the key itself is shown once, when it is made. A revoked key is
 * refused at once by the process that revoked it and by every other one within {@link
 * io.yuntai.ledger.keys.ApiKeys#REVOCATION_BOUND}. This package knows no HTTP header and no role of
 * a key's owner.
 */
@NullMarked
package io.yuntai.ledger.keys;

import org.jspecify.annotations.NullMarked;
