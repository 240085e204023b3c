package io.yuntai.ledger.documents;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes text and lines on pages of A4 as PDF 1.4 (ISO 32000-1), the same bytes for the same calls:
 * no time, no identifier, no compression whose bytes a library decides.
 *
 * <p>Fonts are Helvetica and, for Chinese, Japanese and Korean letters, Adobe's predefined STSong:
 * none is embedded, so a page needs no font files and takes a few kilobytes. Lengths are tenths of
 * a point from the lower left corner.
 */
public final class PdfWriter {
  public static final int WIDTH = 5_953;
  public static final int HEIGHT = 8_419;

  private static final String HEAD = "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n";

  private final List<StringBuilder> pages = new ArrayList<>();
  private StringBuilder page = new StringBuilder();

  public void newPage() {
    page = new StringBuilder();
    pages.add(page);
  }

  public int pages() {
    return pages.size();
  }

  /** Writes on a page that is there already. */
  public void turnTo(int number) {
    page = pages.get(number);
  }

  /** Text whose first letter begins at x. */
  public void text(long x, long y, int size, boolean bold, String text) {
    long at = x;
    int from = 0;
    while (from < text.length()) {
      boolean latin = PdfFont.isLatin(text.codePointAt(from));
      int to = from;
      while (to < text.length() && PdfFont.isLatin(text.codePointAt(to)) == latin) {
        to += Character.charCount(text.codePointAt(to));
      }
      String run = text.substring(from, to);
      page.append("BT /")
          .append(latin ? (bold ? "F2" : "F1") : "F3")
          .append(' ')
          .append(number(size))
          .append(" Tf ")
          .append(number(at))
          .append(' ')
          .append(number(y))
          .append(" Td ")
          .append(latin ? literal(run) : hex(run))
          .append(" Tj ET\n");
      at += width(run, size);
      from = to;
    }
  }

  /** Text whose last letter ends at x. */
  public void textUntil(long x, long y, int size, boolean bold, String text) {
    text(x - width(text, size), y, size, bold, text);
  }

  /** As much of a text as has room, with dots where some is left out. */
  public static String fit(String text, int size, long room) {
    if (width(text, size) <= room) {
      return text;
    }
    int end = text.length();
    while (end > 0 && width(text.substring(0, end) + "...", size) > room) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + "...";
  }

  public static long width(String text, int size) {
    return PdfFont.width(text) * size / 1_000;
  }

  /** A thin horizontal line. */
  public void rule(long from, long to, long y) {
    page.append("0.5 w ")
        .append(number(from))
        .append(' ')
        .append(number(y))
        .append(" m ")
        .append(number(to))
        .append(' ')
        .append(number(y))
        .append(" l S\n");
  }

  /** The document. */
  public byte[] bytes(String title) {
    List<String> objects = new ArrayList<>();
    int firstPage = 9;
    StringBuilder kids = new StringBuilder();
    for (int number = 0; number < pages.size(); number++) {
      kids.append(firstPage + 2 * number).append(" 0 R ");
    }
    objects.add("<< /Type /Catalog /Pages 2 0 R >>");
    objects.add("<< /Type /Pages /Kids [ " + kids + "] /Count " + pages.size() + " >>");
    objects.add("<< /Title " + title(title) + " /Producer (Yuntai) >>");
    objects.add(font("Helvetica"));
    objects.add(font("Helvetica-Bold"));
    objects.add(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding"
            + " /UniGB-UTF16-H /DescendantFonts [ 7 0 R ] >>");
    objects.add(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry"
            + " (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor 8 0 R >>");
    objects.add(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [ -25 -254 1000 880 ]"
            + " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>");
    for (int number = 0; number < pages.size(); number++) {
      int contents = firstPage + 2 * number + 1;
      objects.add(
          "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595.3 841.9 ] /Resources << /Font << /F1 4 0 R"
              + " /F2 5 0 R /F3 6 0 R >> >> /Contents "
              + contents
              + " 0 R >>");
      String stream = pages.get(number).toString();
      objects.add("<< /Length " + stream.length() + " >>\nstream\n" + stream + "\nendstream");
    }
    return assemble(objects);
  }

  private static byte[] assemble(List<String> objects) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, HEAD);
    List<Integer> offsets = new ArrayList<>();
    for (int number = 1; number <= objects.size(); number++) {
      offsets.add(out.size());
      put(out, number + " 0 obj\n" + objects.get(number - 1) + "\nendobj\n");
    }
    int table = out.size();
    put(out, "xref\n0 " + (objects.size() + 1) + "\n0000000000 65535 f \n");
    for (int offset : offsets) {
      put(out, String.format(Locale.ROOT, "%010d 00000 n \n", offset));
    }
    put(
        out,
        "trailer\n<< /Size "
            + (objects.size() + 1)
            + " /Root 1 0 R /Info 3 0 R >>\nstartxref\n"
            + table
            + "\n%%EOF\n");
    return out.toByteArray();
  }

  private static void put(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String font(String name) {
    return "<< /Type /Font /Subtype /Type1 /BaseFont /" + name + " /Encoding /WinAnsiEncoding >>";
  }

  private static String number(long tenths) {
    return tenths / 10 + "." + tenths % 10;
  }

  private static String literal(String text) {
    StringBuilder escaped = new StringBuilder("(");
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      if (letter == '(' || letter == ')' || letter == '\\') {
        escaped.append('\\');
      }
      escaped.append(letter);
    }
    return escaped.append(')').toString();
  }

  private static String title(String text) {
    return "<FEFF" + hex(text).substring(1);
  }

  private static String hex(String text) {
    StringBuilder digits = new StringBuilder("<");
    for (int at = 0; at < text.length(); at++) {
      for (int shift = 12; shift >= 0; shift -= 4) {
        digits.append(
            Character.toUpperCase(Character.forDigit((text.charAt(at) >> shift) & 15, 16)));
      }
    }
    return digits.append('>').toString();
  }
}
