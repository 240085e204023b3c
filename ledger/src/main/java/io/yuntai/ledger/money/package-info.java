/**
 * Amounts of money as integers: currencies, nano-units, exact ratios, rounding, dated exchange
 * rates.
 *
 * <p>A ledger amount is a number of nanos, 10<sup>-9</sup> of a currency's major unit; a price is a
 * number of picos, 10<sup>-12</sup>, for one token or other unit. Nothing here rounds unless its
 * name says so, no operation overflows silently, and no floating-point number comes near. It knows
 * neither prices nor tenants nor the database.
 */
@NullMarked
package io.yuntai.ledger.money;

import org.jspecify.annotations.NullMarked;
