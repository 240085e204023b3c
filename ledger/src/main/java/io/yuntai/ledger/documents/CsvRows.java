package io.yuntai.ledger.documents;

import io.yuntai.ledger.money.MoneyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads comma-separated values as RFC 4180 describes them: quotes, doubled quotes, any line end.
 */
public final class CsvRows {
  private static final int MAX_CHARS = 8 << 20;
  private static final int MAX_FIELD = 1_000;
  private static final int MAX_FIELDS = 100;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** A row and the line of the file on which it begins. */
  public record Row(int line, List<String> fields) {
    /** Copies the list. */
    public Row {
      fields = List.copyOf(fields);
    }

    private Row stripped() {
      return new Row(line, fields.stream().map(String::strip).toList());
    }
  }

  private final String text;
  private int at;
  private int line = 1;

  private CsvRows(String text) {
    this.text = text;
  }

  /**
   * The rows of a text that a person wrote, fields without blanks around them; empty lines and
   * those that begin with {@code #} are left out.
   *
   * @throws MoneyException with the line at fault
   */
  public static List<Row> read(String text) {
    if (text.length() > MAX_CHARS) {
      throw new MoneyException(
          "The file is larger than " + (MAX_CHARS >> 20) + " million letters.");
    }
    CsvRows csv = new CsvRows(text);
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      csv.at = 1;
    }
    List<Row> rows = new ArrayList<>();
    while (csv.at < text.length()) {
      Row row = csv.row().stripped();
      boolean empty = row.fields().stream().allMatch(String::isBlank);
      if (!empty && !row.fields().getFirst().startsWith("#")) {
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * The fields of a row as {@link CsvText#row} wrote it, as they were before.
   *
   * @throws MoneyException when it is none
   */
  public static List<String> written(String row) {
    CsvRows csv = new CsvRows(row);
    List<String> fields = csv.row().fields();
    if (csv.at < row.length()) {
      throw new MoneyException("A row goes on after its end.");
    }
    return fields.stream().map(CsvText::unmarked).toList();
  }

  private Row row() {
    int first = line;
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(field());
      if (fields.size() > MAX_FIELDS) {
        throw new MoneyException("Line " + first + " has more than " + MAX_FIELDS + " fields.");
      }
      if (at >= text.length()) {
        return new Row(first, fields);
      }
      char end = text.charAt(at++);
      if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
        end = '\n';
      }
      if (end != ',') {
        line++;
        return new Row(first, fields);
      }
    }
  }

  /** Leaves {@code at} on what ended the field. */
  private String field() {
    StringBuilder field = new StringBuilder();
    boolean quoted = at < text.length() && text.charAt(at) == '"';
    if (quoted) {
      at++;
    }
    int first = line;
    while (at < text.length()) {
      char letter = text.charAt(at);
      if (quoted ? letter == '"' : letter == ',' || letter == '\n' || letter == '\r') {
        boolean doubled = quoted && at + 1 < text.length() && text.charAt(at + 1) == '"';
        if (!doubled) {
          break;
        }
        at++;
      }
      if (letter == '\n') {
        line++;
      }
      field.append(letter);
      at++;
      if (field.length() > MAX_FIELD) {
        throw new MoneyException(
            "Line " + first + " has a field of more than " + MAX_FIELD + " letters.");
      }
    }
    if (quoted) {
      closeQuote(first);
    }
    return field.toString();
  }

  private void closeQuote(int first) {
    if (at >= text.length()) {
      throw new MoneyException("Line " + first + " opens a quotation mark that nothing closes.");
    }
    at++;
    if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      throw new MoneyException("Line " + line + " goes on after a closing quotation mark.");
    }
  }
}
