package io.yuntai.ledger.invoices;

import java.math.BigInteger;

/**
 * A line: so many units at a price.
 *
 * @param number from 1
 * @param model what was used
 * @param serviceClass how it was served
 * @param meter what was counted; {@code graduated input} where a month's price gives back
 * @param quantity units
 * @param pricePico of one unit; 0 where the amount is a difference
 * @param book the price book
 * @param bookSha256 and its version's hash
 * @param exactPico the exact amount
 * @param minor the amount in minor units, so that all lines add up to the rounded sum
 */
public record InvoiceLine(
    int number,
    String model,
    String serviceClass,
    String meter,
    long quantity,
    long pricePico,
    String book,
    String bookSha256,
    BigInteger exactPico,
    BigInteger minor) {}
