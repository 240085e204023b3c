/**
 * Invoices and credit notes: made of settled usage, numbered without gaps, and never changed.
 *
 * <p>{@link io.yuntai.ledger.invoices.InvoiceMaker} is a pure function of an invoice's terms and
 * its usage; the body that it gives is one text, hashed and kept. PDF, CSV and FOCUS are pure
 * functions of the body. So anybody with the rows can make each of them again, byte for byte, on
 * any machine: nothing here asks for a locale, a time zone's rules, or the time. Only {@link
 * io.yuntai.ledger.invoices.InvoiceStore} knows the database. Amounts are integers: pico while
 * anything is added, minor units once it is rounded.
 */
@NullMarked
package io.yuntai.ledger.invoices;

import org.jspecify.annotations.NullMarked;
