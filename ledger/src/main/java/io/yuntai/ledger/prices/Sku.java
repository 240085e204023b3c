package io.yuntai.ledger.prices;

import io.yuntai.ledger.money.MoneyException;
import java.util.regex.Pattern;

/**
 * What is sold: a model's name, or the beginning of names with a {@code *} after it; {@code *}
 * alone is every model. Of several that fit a model, the longest counts, a whole name before all.
 */
final class Sku {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._:/@+-]{0,200}\\*?");

  private Sku() {}

  /**
   * The text itself when it may be one.
   *
   * @throws MoneyException when not
   */
  static String check(String text) {
    if (text.isEmpty() || !ALLOWED.matcher(text).matches()) {
      throw new MoneyException(
          "'"
              + (text.length() <= 60 ? text : text.substring(0, 60) + "...")
              + "' can't be a model's name: use up to 200 letters, digits and . _ : / @ + -, and a"
              + " * only at the end.");
    }
    return text;
  }

  /** Whether a model is one of these; the model may itself be such a pattern. */
  static boolean fits(String sku, String model) {
    return sku.endsWith("*") ? model.startsWith(prefix(sku)) : sku.equals(model);
  }

  private static String prefix(String sku) {
    return sku.substring(0, sku.length() - 1);
  }

  /** The larger, the more it counts. */
  static int weight(String sku) {
    return sku.endsWith("*") ? sku.length() - 1 : Integer.MAX_VALUE;
  }
}
