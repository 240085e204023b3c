/**
 * What a unit of work costs: price books, the rate cards compiled of them, and rating.
 *
 * <p>Prices are integers in pico, 10<sup>-12</sup> of a currency's major unit, for one token or
 * other unit. Discounts are exact ratios that are multiplied once, when a {@link
 * io.yuntai.ledger.prices.RateCard} is compiled; after that rating is adding and multiplying
 * integers, a pure function of card and counts, without clock, locale, time zone rules or database.
 * Only {@code PriceStore} knows the database. The package does not know who has which budget.
 */
@NullMarked
package io.yuntai.ledger.prices;

import org.jspecify.annotations.NullMarked;
