package io.yuntai.console.markdown;

/** Alphabets that mathematics has beside the usual one: Unicode has their letters one by one. */
enum MathAlphabet {
  NORMAL(0, 0, 0, "", ""),
  UPRIGHT(0, 0, 0, "", ""),
  BOLD(0x1D400, 0x1D41A, 0x1D7CE, "", ""),
  DOUBLE(0x1D538, 0x1D552, 0x1D7D8, "CHNPQRZ", "ℂℍℕℙℚℝℤ"),
  SCRIPT(0x1D49C, 0x1D4B6, 0, "BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ"),
  FRAKTUR(0x1D504, 0x1D51E, 0, "CHIRZ", "ℭℌℑℜℨ"),
  SANS(0x1D5A0, 0x1D5BA, 0x1D7E2, "", ""),
  MONO(0x1D670, 0x1D68A, 0x1D7F6, "", "");

  private final int capital;
  private final int small;
  private final int digit;

  /** Letters that have been elsewhere in Unicode for longer, and where they are. */
  private final String exceptions;

  private final String signs;

  MathAlphabet(int capital, int small, int digit, String exceptions, String signs) {
    this.capital = capital;
    this.small = small;
    this.digit = digit;
    this.exceptions = exceptions;
    this.signs = signs;
  }

  String of(String text) {
    if (capital == 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int exception = exceptions.indexOf(c);
      if (exception >= 0) {
        out.append(signs.charAt(exception));
      } else if (c >= 'A' && c <= 'Z') {
        out.appendCodePoint(capital + c - 'A');
      } else if (c >= 'a' && c <= 'z') {
        out.appendCodePoint(small + c - 'a');
      } else if (c >= '0' && c <= '9' && digit != 0) {
        out.appendCodePoint(digit + c - '0');
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
