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
    String plain = isFormula(text) ? "'" + text : text;
    boolean quoted = plain.chars().anyMatch(letter -> ",\"\r\n".indexOf(letter) >= 0);
    return quoted ? "\"" + plain.replace("\"", "\"\"") + "\"" : plain;
  }

  private static boolean isFormula(String text) {
    return !text.isEmpty() && "=+@\t".indexOf(text.charAt(0)) >= 0;
  }

  /** A field without the mark that keeps spreadsheets from taking it for a formula. */
  static String unmarked(String field) {
    return field.startsWith("'") && isFormula(field.substring(1)) ? field.substring(1) : field;
  }
}
