/**
 * Everything that can't be computed or downloaded again, in one file, and back from it: the tables
 * as they were at one instant, and the files of the home that are not caches. A backup is a zip
 * whose last entry, the manifest, has the size and SHA-256 of every other; nothing is restored from
 * a file in which one of them is wrong. Knows no table by name: what the database says of itself
 * decides.
 */
@NullMarked
package io.yuntai.ledger.backup;

import org.jspecify.annotations.NullMarked;
