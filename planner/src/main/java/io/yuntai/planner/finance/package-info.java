/** Money over time: growth, annuities, what a token costs, and whether to rent or to buy. */
@NullMarked
package io.yuntai.planner.finance;

import org.jspecify.annotations.NullMarked;
