package io.yuntai.ledger.budgets;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Budgets as people write them: {@code 1/day}, {@code 50 CNY/month}, {@code 60 requests/minute}.
 */
public final class BudgetText {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,19}(?:[.][0-9]{1,9})?)([kKmM]?) *([A-Za-z]*) *(?:/ *([A-Za-z]+))?");

  private BudgetText() {}

  /**
   * Reads one. Without a unit it is money; without a period it is for all time.
   *
   * @param currency the organisation's; another one is refused
   * @throws RefusedException when it is none
   */
  public static BudgetTerms parse(String text, IsoCurrency currency) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw unreadable(text);
    }
    Unit unit = unit(parts.group(3), currency);
    Period period = parts.group(4) == null ? Period.TOTAL : period(parts.group(4));
    long amount = amount(unit, parts.group(1), parts.group(2), currency);
    return new BudgetTerms(unit, period, amount, true, BudgetTerms.DEFAULT_ALERTS);
  }

  private static RefusedException unreadable(String text) {
    return RefusedException.invalid(
        "budget",
        "'%s' is no budget: write 1/day, 50/month, 100k tokens/day, 60 requests/minute or 8 parallel."
            .formatted(text.length() <= 60 ? text : "..."));
  }

  private static Unit unit(String word, IsoCurrency currency) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "" -> Unit.MONEY;
      case "token", "tokens" -> Unit.TOKENS;
      case "request", "requests" -> Unit.REQUESTS;
      case "parallel" -> Unit.PARALLEL;
      default -> {
        if (!word.equalsIgnoreCase(currency.code())) {
          throw RefusedException.invalid(
              "budget",
              "'%s' is neither %s, the tenant's currency, nor tokens, requests or parallel."
                  .formatted(word.length() <= 40 ? word : "...", currency.code()));
        }
        yield Unit.MONEY;
      }
    };
  }

  private static Period period(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "min" -> Period.MINUTE;
      case "h" -> Period.HOUR;
      case "d" -> Period.DAY;
      case "all" -> Period.TOTAL;
      default -> Period.of(word.toLowerCase(Locale.ROOT));
    };
  }

  private static long amount(Unit unit, String digits, String factor, IsoCurrency currency) {
    try {
      if (unit == Unit.MONEY && factor.isEmpty()) {
        return Money.parse(currency, digits).nano();
      }
      long scale =
          switch (factor) {
            case "k", "K" -> 1_000;
            case "m", "M" -> 1_000_000;
            default -> 1;
          };
      if (unit != Unit.MONEY && digits.indexOf('.') < 0) {
        return Math.multiplyExact(Long.parseLong(digits), scale);
      }
    } catch (MoneyException | ArithmeticException | NumberFormatException e) {
      throw RefusedException.invalid("budget", "The amount %s is too large.".formatted(digits));
    }
    throw RefusedException.invalid(
        "budget",
        unit == Unit.MONEY
            ? "Money is written in full, without k or M."
            : "Tokens and requests are whole numbers, not %s.".formatted(digits));
  }

  /** Such as {@code 1.00 CNY per day}. */
  public static String words(BudgetTerms terms, IsoCurrency currency) {
    String amount =
        switch (terms.unit()) {
          case MONEY -> new Money(currency, terms.amount()).toString();
          case TOKENS -> terms.amount() + " tokens";
          case REQUESTS -> terms.amount() + " requests";
          case PARALLEL -> terms.amount() + " requests at once";
        };
    boolean whole = terms.unit() == Unit.PARALLEL;
    return terms.period() == Period.TOTAL
        ? amount + (whole ? "" : " in total")
        : amount + " per " + terms.period().label();
  }
}
