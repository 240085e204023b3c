/**
 * Money of five currencies and two kinds. Amounts of a year's own prices ({@link
 * io.yuntai.planner.money.Nominal}) and of one year's prices throughout ({@link
 * io.yuntai.planner.money.Real}) are different types with no arithmetic between them; only a {@link
 * io.yuntai.planner.money.PriceIndex} turns one into the other. Estimates: nobody is billed by
 * them, so they are {@code double}.
 */
@NullMarked
package io.yuntai.planner.money;

import org.jspecify.annotations.NullMarked;
