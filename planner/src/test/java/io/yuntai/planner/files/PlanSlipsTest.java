package io.yuntai.planner.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Facts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every cell of every template is misspelt, left out, given another unit, a number below 0, an
 * absurd one and a name that is nowhere: what is refused is refused with line, column and cell.
 */
class PlanSlipsTest {
  private static final Facts FACTS = Facts.defaults();

  /** {@code key = value}, with the value's text where it is one. */
  private static final Pattern CELL =
      Pattern.compile(
          "(?m)(?<![#\\w-])([a-z][\\w-]*)( = )(\"[^\"\\n]*\"|-?[0-9][0-9.]*|true|false)");

  private static final Pattern PLACE =
      Pattern.compile(
          "plan\\.toml:\\d+:\\d+: [\\w.\\[\\] -]+(: .+| (is|has|names|asks|lets|may) .+)");

  /** Cells of which a text that is nowhere else is right: what people call things. */
  private static final Set<String> FREE = Set.of("name", "vendor", "source", "title");

  /** Money may be below 0, as may what grows; the rest of these are no amounts. */
  private static final Set<String> MAY_BE_NEGATIVE =
      Set.of("opening-cash", "cash-floor", "growth", "later-growth", "inflation", "USD", "EUR");

  private static Optional<String> refused(String text) {
    try {
      assertThat(PlanFileReader.text("plan.toml", text, FACTS).inputs()).isNotNull();
      return Optional.empty();
    } catch (PlannerException e) {
      return Optional.of(e.sentence());
    }
  }

  private static String with(String text, MatchResult cell, String key, String value) {
    return text.substring(0, cell.start())
        + key
        + cell.group(2)
        + value
        + text.substring(cell.end());
  }

  /** Without a line that is the cell and no more; where it is more, the text as it is. */
  private static String withoutLine(String text, MatchResult cell) {
    int begin = text.lastIndexOf('\n', cell.start()) + 1;
    int end = text.indexOf('\n', cell.start());
    String line = text.substring(begin, end).replaceFirst("\\s*#.*", "");
    return line.equals(cell.group()) ? text.substring(0, begin) + text.substring(end) : text;
  }

  private static List<MatchResult> cells(String text) {
    List<MatchResult> cells = new ArrayList<>();
    for (MatchResult cell : CELL.matcher(text).results().toList()) {
      int line = text.lastIndexOf('\n', cell.start()) + 1;
      if (text.substring(line, cell.start()).indexOf('#') < 0) {
        cells.add(cell);
      }
    }
    return cells;
  }

  private static String number(String value) {
    return value.startsWith("\"") ? value.substring(1) : value;
  }

  private static boolean isAmount(String value) {
    return number(value).matches("(?s)-?[0-9.]+([ \"].*)?");
  }

  private static void hasAPlace(Optional<String> refused, List<String> wrong, String what) {
    refused
        .filter(one -> !PLACE.matcher(one).matches())
        .ifPresent(one -> wrong.add(what + " -> " + one));
  }

  private static void isRefused(Optional<String> refused, List<String> wrong, String what) {
    hasAPlace(refused, wrong, what);
    if (refused.isEmpty()) {
      wrong.add(what + " is read");
    }
  }

  @ParameterizedTest
  @EnumSource(PlanTemplate.class)
  void whatIsRefusedHasItsPlace(PlanTemplate template) {
    String text = template.content();
    List<String> wrong = new ArrayList<>();
    Set<String> tried = new HashSet<>();
    for (MatchResult cell : cells(text)) {
      String key = cell.group(1);
      String value = cell.group(3);
      String at = key + " = " + value;
      boolean isText = value.startsWith("\"");
      boolean isAmount =
          isAmount(value) && !Set.of("date", "first-quarter", "source").contains(key);
      boolean isNothing = number(value).matches("0[ \"].*");
      if (!tried.add(template == PlanTemplate.HYPERSCALE ? key : at)) {
        continue;
      }
      if (!at.equals(cells(text).getFirst().group())) {
        isRefused(refused(with(text, cell, key + "x", value)), wrong, key + "x = " + value);
      }
      String without = withoutLine(text, cell);
      if (!key.equals("name") || cell.start() > text.indexOf('[')) {
        hasAPlace(refused(without), wrong, "without " + at);
      }
      if (isText && !isAmount && !FREE.contains(key) && !key.equals("path")) {
        isRefused(refused(with(text, cell, key, "\"nobody\"")), wrong, key + " = nobody");
      }
      if (isAmount) {
        String unit = isText ? " kg/W\"" : "";
        String other = isText ? "\"3" + unit : "\"3 kg/W\"";
        if (!key.equals("value")) {
          isRefused(refused(with(text, cell, key, other)), wrong, key + " = " + other);
        }
        String below = isText ? "\"-" + number(value) : "-" + value;
        Optional<String> negative = refused(with(text, cell, key, below));
        hasAPlace(negative, wrong, key + " = " + below);
        if (negative.isEmpty()
            && !isNothing
            && !MAY_BE_NEGATIVE.contains(key)
            && !key.equals("value")) {
          wrong.add(key + " = " + below + " is read");
        }
        String absurd = isText ? "\"" + number(value).replaceFirst("[0-9.]+", "9e40") : "9e40";
        hasAPlace(refused(with(text, cell, key, absurd)), wrong, key + " = " + absurd);
      }
    }
    assertThat(wrong).isEmpty();
  }
}
