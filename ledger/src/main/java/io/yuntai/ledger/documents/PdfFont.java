package io.yuntai.ledger.documents;

/**
 * Widths of Helvetica's letters, in thousandths of the font's size: Adobe's published metrics of
 * the standard fonts that every reader of PDF has.
 */
final class PdfFont {
  private static final int FIRST = ' ';

  /** From space to tilde. */
  private static final int[] WIDTHS = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584 // p to ~
  };

  private static final int WIDE = 1_000;
  private static final int LATIN = 556;

  private PdfFont() {}

  /**
   * Of letters that Helvetica has in the encoding used here; others are written in the other font.
   */
  static boolean isLatin(int letter) {
    return (letter >= FIRST && letter < 0x7f) || (letter >= 0xa1 && letter <= 0xff);
  }

  /** In thousandths of the font's size. */
  static long width(String text) {
    return text.codePoints().mapToLong(PdfFont::width).sum();
  }

  private static int width(int letter) {
    if (letter >= FIRST && letter < 0x7f) {
      return WIDTHS[letter - FIRST];
    }
    return isLatin(letter) ? LATIN : WIDE;
  }
}
