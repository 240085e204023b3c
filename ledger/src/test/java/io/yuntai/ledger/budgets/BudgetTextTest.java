package io.yuntai.ledger.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.tenancy.RefusedException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets as people write them. */
class BudgetTextTest {
  private static final IsoCurrency CNY = IsoCurrency.of("CNY");

  @ParameterizedTest
  @CsvSource({
    "1/day, MONEY, DAY, 1000000000, 1.00 CNY per day",
    "0.000000001/month, MONEY, MONTH, 1, 0.000000001 CNY per month",
    "50 CNY/month, MONEY, MONTH, 50000000000, 50.00 CNY per month",
    "50cny / month, MONEY, MONTH, 50000000000, 50.00 CNY per month",
    "100, MONEY, TOTAL, 100000000000, 100.00 CNY in total",
    "0/week, MONEY, WEEK, 0, 0.00 CNY per week",
    "100k tokens/day, TOKENS, DAY, 100000, 100000 tokens per day",
    "2M tokens/total, TOKENS, TOTAL, 2000000, 2000000 tokens in total",
    "60 requests/min, REQUESTS, MINUTE, 60, 60 requests per minute",
    "8 parallel, PARALLEL, TOTAL, 8, 8 requests at once",
  })
  void readsWhatPeopleWrite(String text, Unit unit, Period period, long amount, String words) {
    BudgetTerms terms = BudgetText.parse(text, CNY);
    assertThat(terms)
        .isEqualTo(new BudgetTerms(unit, period, amount, true, BudgetTerms.DEFAULT_ALERTS));
    assertThat(BudgetText.words(terms, CNY)).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1/day",
        "1/fortnight",
        "1 USD/day",
        "1e9/day",
        "1.5 tokens/day",
        "8 parallel/day",
        "1k/day",
        "9999999999999999999",
        "9999999999999999999 tokens",
        "0.0000000001/day",
        "1//day",
        "NaN/day"
      })
  void saysWhatIsWrong(String text) {
    assertThatThrownBy(() -> BudgetText.parse(text, CNY))
        .isInstanceOf(RefusedException.class)
        .hasMessageMatching("(?s).{20,300}[.]");
  }

  @Test
  void takesAnyTextWithoutMoreThanARefusal() {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    String letters = "0123456789.kKmM /dayCNYtokens-+e\u0661\ud83d\0\n";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        assertThat(BudgetText.parse(text.toString(), CNY).amount()).isNotNegative();
      } catch (RefusedException expected) {
        assertThat(expected).as("seed %d: %s", seed, text).message().endsWith(".");
      }
    }
  }
}
