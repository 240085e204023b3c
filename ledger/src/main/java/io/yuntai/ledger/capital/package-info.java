/** Capital plans as they are kept; what is in them the planner knows. */
@NullMarked
package io.yuntai.ledger.capital;

import org.jspecify.annotations.NullMarked;
