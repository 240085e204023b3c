package io.yuntai.ledger.documents;

import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values as RFC 4180 has them. */
public final class CsvText {
  private CsvText() {}

  /** A row with its end. */
  public static String row(List<String> fields) {
    return fields.stream().map(CsvText::field).collect(Collectors.joining(",", "", "\r\n"));
  }

  /** Quoted where it must be; what a spreadsheet would take for a formula is made plain text. */
  private static String field(String text) {
    String plain = !text.isEmpty() && "=+@\t".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = plain.chars().anyMatch(letter -> ",\"\r\n".indexOf(letter) >= 0);
    return quoted ? "\"" + plain.replace("\"", "\"\"") + "\"" : plain;
  }
}
