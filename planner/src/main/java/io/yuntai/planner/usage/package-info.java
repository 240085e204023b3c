/**
 * What was used, hour by hour, as files tell it: the ledger's export, a table by the hour, or FOCUS
 * rows. Files are read as a stream; memory grows with hours and kinds, never with rows. Errors name
 * file, line and column.
 */
@NullMarked
package io.yuntai.planner.usage;

import org.jspecify.annotations.NullMarked;
