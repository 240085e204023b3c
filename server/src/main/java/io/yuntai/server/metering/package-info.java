/**
 * Puts the ledger into the way of a request: what its key may spend is looked up before an engine
 * sees it, held while tokens come, and captured when they have ended.
 *
 * <p>What is counted is what the client was sent: an answer that its client leaves is charged up to
 * the last token that was written to it, one that fails likewise, and one of which nothing was sent
 * costs nothing. An answer ends exactly at its budget; what an engine computed beyond is discarded.
 */
@NullMarked
package io.yuntai.server.metering;

import org.jspecify.annotations.NullMarked;
