package io.yuntai.ledger.invoices;

import java.util.Iterator;
import java.util.List;

/**
 * What came of making an invoice again.
 *
 * @param holds whether it came out byte for byte
 * @param why in a sentence
 */
public record InvoiceVerdict(String number, boolean holds, String why) {
  static InvoiceVerdict compare(StoredInvoice stored, String again) {
    String number = stored.invoice().terms().number();
    if (stored.body().equals(again)) {
      return new InvoiceVerdict(
          number,
          true,
          "made again from "
              + stored.invoice().requests()
              + " requests, byte for byte: SHA-256 "
              + stored.bodySha256());
    }
    Iterator<String> kept = List.of(stored.body().split("\n", -1)).iterator();
    int line = 0;
    for (String made : again.split("\n", -1)) {
      line++;
      String was = kept.hasNext() ? kept.next() : "nothing";
      if (!was.equals(made)) {
        return new InvoiceVerdict(
            number,
            false,
            "line "
                + line
                + " of its body says "
                + was.strip()
                + ", and its rows make that "
                + made.strip());
      }
    }
    return new InvoiceVerdict(number, false, "its body goes on after what its rows make");
  }
}
