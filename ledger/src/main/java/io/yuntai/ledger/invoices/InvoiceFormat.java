package io.yuntai.ledger.invoices;

import java.nio.charset.StandardCharsets;

/** A form in which an invoice leaves. */
public enum InvoiceFormat {
  /** The sealed body itself. */
  JSON("json") {
    @Override
    byte[] write(StoredInvoice stored) {
      return utf8(stored.body());
    }
  },
  /** A row for each line. */
  CSV("csv") {
    @Override
    byte[] write(StoredInvoice stored) {
      return utf8(InvoiceCsv.write(stored.invoice()));
    }
  },
  /** FinOps Open Cost and Usage Specification 1.2. */
  FOCUS_1_2("focus-1.2") {
    @Override
    byte[] write(StoredInvoice stored) {
      return utf8(FocusCsv.write(stored.invoice(), FocusCsv.Version.V1_2));
    }
  },
  /** FinOps Open Cost and Usage Specification 1.3. */
  FOCUS_1_3("focus-1.3") {
    @Override
    byte[] write(StoredInvoice stored) {
      return utf8(FocusCsv.write(stored.invoice(), FocusCsv.Version.V1_3));
    }
  },
  /** For people. */
  PDF("pdf") {
    @Override
    byte[] write(StoredInvoice stored) {
      return InvoicePdf.write(stored.invoice());
    }
  };

  private final String text;

  InvoiceFormat(String text) {
    this.text = text;
  }

  /** As on a command line. */
  public String text() {
    return text;
  }

  abstract byte[] write(StoredInvoice stored);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
