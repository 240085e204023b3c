/** {@code yuntai plan}: how much infrastructure to buy, on the planner's arithmetic. */
@NullMarked
package io.yuntai.cli.plan;

import org.jspecify.annotations.NullMarked;
