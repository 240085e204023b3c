/**
 * A gateway's journal: what requests used, on disk before their clients have the last word of it.
 *
 * <p>Append-only segments of a fixed size, each written over with zeros when it is made, so that a
 * full disk is noticed then and never in the middle of a record. A record is believed when its
 * checksum fits its segment and its place; the first that does not fit ends a segment. Of several
 * records of a request the last one counts. Segments go, the oldest first, when everything in them
 * is settled, so the journal is small while the bank answers and bounded when it does not.
 *
 * <p>This package knows no bank and no lease; it reaches files through {@link
 * io.yuntai.ledger.journal.Disk} only, so that tests can tear, lose and fill them.
 */
@NullMarked
package io.yuntai.ledger.journal;

import org.jspecify.annotations.NullMarked;
