package io.yuntai.console.money;

import io.yuntai.console.text.Formats;
import io.yuntai.ledger.invoices.Invoice;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What an invoice says, as a person's language writes it.
 *
 * @param invoice in whose currency its amounts are
 */
public record InvoiceWords(Formats formats, Invoice invoice) {
  private static final int PICO_DIGITS = 12;

  /** What it is for: days of a month, or instants. */
  public String period() {
    return Arrays.stream(invoice.terms().period().split(" to ", 2))
        .map(this::end)
        .collect(Collectors.joining(" – "));
  }

  private String end(String end) {
    if (end.endsWith("Z")) {
      return formats.exactTime(Instant.parse(end));
    }
    return end.length() == "2026-11-23".length() ? formats.date(LocalDate.parse(end)) : end;
  }

  /** An amount of minor units. */
  public String amount(BigInteger minor) {
    return formats.money(
        new BigDecimal(invoice.amount(minor)),
        currency(),
        invoice.terms().currency().minorDigits());
  }

  /** An amount with all the places that it has. */
  public String exact(BigInteger pico) {
    return formats.money(new BigDecimal(pico, PICO_DIGITS), currency(), PICO_DIGITS);
  }

  private String currency() {
    return invoice.terms().currency().code();
  }
}
