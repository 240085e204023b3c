package io.yuntai.ledger.money;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Decimal numbers as people write them, to integers of a smaller unit and back. Never rounds. */
public final class Decimals {
  private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  private static final int LONGEST_SHOWN = 40;

  private Decimals() {}

  /**
   * The number times 10<sup>digits</sup>.
   *
   * @param largest the largest magnitude allowed of the result
   * @param what for messages: {@code "price"}
   * @throws MoneyException when it is no plain decimal number, has more decimals, or is too large
   */
  public static long parse(String text, int digits, BigDecimal largest, String what) {
    if (!PLAIN.matcher(text).matches()) {
      throw new MoneyException(
          "'"
              + shown(text)
              + "' is no "
              + what
              + ": write digits with a full stop before the decimals, for example 2.50.");
    }
    BigDecimal scaled = new BigDecimal(text).scaleByPowerOfTen(digits);
    if (scaled.stripTrailingZeros().scale() > 0) {
      throw new MoneyException(
          "The " + what + " '" + text + "' has more than " + digits + " decimals.");
    }
    if (scaled.abs().compareTo(largest) > 0) {
      throw new MoneyException(
          "The "
              + what
              + " '"
              + text
              + "' is absurd: at most "
              + largest.scaleByPowerOfTen(-digits).stripTrailingZeros().toPlainString()
              + ".");
    }
    return scaled.longValueExact();
  }

  private static String shown(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
