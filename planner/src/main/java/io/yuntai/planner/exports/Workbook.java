package io.yuntai.planner.exports;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A workbook as spreadsheets read it (SpreadsheetML, ECMA-376 part 1): texts, numbers and formulas,
 * whose results the program that opens it computes. No time and no random name is in it, so that
 * the same sheets are the same bytes.
 */
final class Workbook {
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final String HEAD =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
  private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/";
  private static final String OFFICE =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  private static final String TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  private static final int PLAIN = 0;
  private static final int BOLD = 1;
  private static final int INPUT = 2;
  private static final int AMOUNT = 3;

  private final List<Sheet> sheets = new ArrayList<>();

  Sheet sheet(String name) {
    Sheet sheet = new Sheet(name);
    sheets.add(sheet);
    return sheet;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "[Content_Types].xml", types());
      put(
          zip,
          "_rels/.rels",
          "<Relationships xmlns=\"%srelationships\"><Relationship Id=\"rId1\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
              .formatted(PACKAGE, OFFICE));
      put(zip, "xl/workbook.xml", workbook());
      put(zip, "xl/_rels/workbook.xml.rels", relations());
      put(zip, "xl/styles.xml", styles());
      for (int i = 0; i < sheets.size(); i++) {
        put(zip, "xl/worksheets/sheet%d.xml".formatted(i + 1), sheet(sheets.get(i)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String xml) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write((HEAD + xml).getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  private String types() {
    StringBuilder xml =
        new StringBuilder("<Types xmlns=\"%scontent-types\">".formatted(PACKAGE))
            .append(
                "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>")
            .append(override("workbook", "sheet.main"))
            .append(override("styles", "styles"));
    for (int i = 1; i <= sheets.size(); i++) {
      xml.append(override("worksheets/sheet" + i, "worksheet"));
    }
    return xml.append("</Types>").toString();
  }

  private static String override(String part, String kind) {
    return "<Override PartName=\"/xl/%s.xml\" ContentType=\"%s%s+xml\"/>"
        .formatted(part, TYPE, kind);
  }

  private String workbook() {
    StringBuilder xml =
        new StringBuilder("<workbook xmlns=\"%s\" xmlns:r=\"%s\"><sheets>".formatted(MAIN, OFFICE));
    for (int i = 0; i < sheets.size(); i++) {
      xml.append(
          "<sheet name=\"%s\" sheetId=\"%d\" r:id=\"rId%d\"/>"
              .formatted(escape(sheets.get(i).name()), i + 1, i + 1));
    }
    return xml.append("</sheets><calcPr fullCalcOnLoad=\"1\"/></workbook>").toString();
  }

  private String relations() {
    StringBuilder xml =
        new StringBuilder("<Relationships xmlns=\"%srelationships\">".formatted(PACKAGE));
    for (int i = 1; i <= sheets.size(); i++) {
      xml.append(
          "<Relationship Id=\"rId%d\" Type=\"%s/worksheet\" Target=\"worksheets/sheet%d.xml\"/>"
              .formatted(i, OFFICE, i));
    }
    return xml.append(
            "<Relationship Id=\"rId%d\" Type=\"%s/styles\" Target=\"styles.xml\"/>"
                .formatted(sheets.size() + 1, OFFICE))
        .append("</Relationships>")
        .toString();
  }

  /** Plain, bold, inputs in blue as is the custom, and amounts with groups of thousands. */
  private static String styles() {
    return "<styleSheet xmlns=\"%s\">".formatted(MAIN)
        + "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"#,##0.00####\"/></numFmts>"
        + "<fonts count=\"3\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
        + "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font>"
        + "<font><sz val=\"11\"/><color rgb=\"FF0000FF\"/><name val=\"Calibri\"/></font></fonts>"
        + "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
        + "<borders count=\"1\"><border/></borders>"
        + "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"4\">"
        + "<xf fontId=\"0\"/><xf fontId=\"1\" applyFont=\"1\"/>"
        + "<xf fontId=\"2\" numFmtId=\"164\" applyFont=\"1\" applyNumberFormat=\"1\"/>"
        + "<xf fontId=\"0\" numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";
  }

  private static String sheet(Sheet sheet) {
    StringBuilder xml =
        new StringBuilder("<worksheet xmlns=\"%s\">".formatted(MAIN))
            .append("<sheetViews><sheetView workbookViewId=\"0\"><pane xSplit=\"2\" ySplit=\"1\"")
            .append(" topLeftCell=\"C2\" activePane=\"bottomRight\" state=\"frozen\"/></sheetView>")
            .append("</sheetViews><cols><col min=\"1\" max=\"1\" width=\"44\" customWidth=\"1\"/>")
            .append("<col min=\"2\" max=\"40\" width=\"16\" customWidth=\"1\"/></cols><sheetData>");
    for (Map.Entry<Integer, NavigableMap<Integer, Sheet.Cell>> row : sheet.rows().entrySet()) {
      xml.append("<row r=\"").append(row.getKey() + 1).append("\">");
      row.getValue().forEach((column, cell) -> cell(xml, row.getKey(), column, cell));
      xml.append("</row>");
    }
    return xml.append("</sheetData></worksheet>").toString();
  }

  private static void cell(StringBuilder xml, int row, int column, Sheet.Cell cell) {
    String at = Sheet.local(row, column);
    switch (cell) {
      case Sheet.Cell.Text(String text, boolean bold) ->
          xml.append(
              "<c r=\"%s\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">%s</t></is></c>"
                  .formatted(at, bold ? BOLD : PLAIN, escape(text)));
      case Sheet.Cell.Amount(double value, boolean input) ->
          xml.append(
              "<c r=\"%s\" s=\"%d\"><v>%s</v></c>"
                  .formatted(at, input ? INPUT : AMOUNT, number(value)));
      case Sheet.Cell.Formula(String formula) ->
          xml.append("<c r=\"%s\" s=\"%d\"><f>%s</f></c>".formatted(at, AMOUNT, escape(formula)));
    }
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "0";
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            default -> {
              if (c >= ' ') {
                escaped.appendCodePoint(c);
              }
            }
          }
        });
    return escaped.toString();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d sheets", sheets.size());
  }
}
