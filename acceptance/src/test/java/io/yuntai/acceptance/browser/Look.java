package io.yuntai.acceptance.browser;

import java.util.ArrayList;
import java.util.List;

/** How somebody looks at a page. */
record Look(Theme theme, String language, int width) {
  /** Narrow and wide. */
  static final List<Integer> WIDTHS = List.of(360, 1280);

  /** What is looked at by people who have chosen nothing. */
  static final Look PLAIN = new Look(Theme.LIGHT, "en", 1280);

  enum Theme {
    LIGHT,
    DARK
  }

  /** Each with each. */
  static List<Look> all() {
    List<Look> looks = new ArrayList<>();
    for (int width : WIDTHS) {
      for (Theme theme : Theme.values()) {
        for (String language : List.of("en", "zh")) {
          looks.add(new Look(theme, language, width));
        }
      }
    }
    return looks;
  }

  /** Keys and order of focus do not change with colours and words: once for each width. */
  boolean checksKeyboard() {
    return theme == Theme.LIGHT && language.equals("en");
  }

  @Override
  public String toString() {
    return "%s-%s-%d".formatted(theme == Theme.DARK ? "dark" : "light", language, width);
  }
}
