/** How fast money is counted: settling, and what exact budgets cost a gateway. */
@NullMarked
package io.yuntai.bench.money;

import org.jspecify.annotations.NullMarked;
