package io.yuntai.ledger.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.MoneyException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Price lists as sellers write them, and as nobody should. */
class PriceListCsvTest {
  private static final Instant START = Instant.parse("2026-12-01T00:00:00Z");
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  static PriceBook read(String text) {
    return PriceListCsv.read("list", IsoCurrency.of("CNY"), SHANGHAI, START, text);
  }

  @Test
  void aColumnForEachMeter() {
    PriceBook book =
        read(
            """
            \ufeffModel,Input,Output,Cached input,Batch input,Batch output
            # a comment
            alpha,2.5,10,0.25,1.25,5

            "beta",0,0,,,
            """
                .replace("\n", "\r\n"));

    assertThat(book.items())
        .contains(
            PriceItem.flat("alpha", Meter.INPUT, ServiceClass.REALTIME, 2_500_000),
            PriceItem.flat("alpha", Meter.CACHE_HIT, ServiceClass.REALTIME, 250_000),
            PriceItem.flat("alpha", Meter.OUTPUT, ServiceClass.BATCH, 5_000_000),
            PriceItem.flat("beta", Meter.OUTPUT, ServiceClass.REALTIME, 0))
        .hasSize(7);
  }

  @Test
  void aRowForEachPriceAndFactors() {
    PriceBook book =
        read(
            """
            model,meter,class,price,per,band,factor,group,rank,valid_until
            alpha,input,,0.000002,1,,,,,
            alpha,output,,8,1M,,,,,
            alpha,image,,0.2,,,,,,
            *,,batch,,,,50%,channel,1,
            *,cache_hit,,,,,10%,channel,0,
            alpha,,,,,22:00-08:00,0.2,night,,
            """);

    assertThat(book.items())
        .contains(
            PriceItem.flat("alpha", Meter.INPUT, ServiceClass.REALTIME, 2_000_000),
            PriceItem.flat("alpha", Meter.IMAGE, ServiceClass.REALTIME, 200_000_000_000L));
    assertThat(book.adjustments()).hasSize(4);
    assertThat(book.adjustments().get(2).band()).isEqualTo(new DayBand(0, 480));
    assertThat(book.adjustments().get(3).band()).isEqualTo(new DayBand(1320, 1440));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model,input,output~a,-1,2                    | can't be negative
          model,input,output~a,99999999,2              | absurd
          model,input,output~a,1e3,2                   | '1e3' is no price for 1000000 units
          model,input,output~a,1.0000001,2             | more than 6 decimals
          model,input,output~a,1                       | input but none for output
          model,input~a,1                              | input but none for output
          model,input,output,embed~a,1,1,1             | counts its prompts twice
          model,input,output~a b,1,1                   | can't be a model's name
          model,input,output~a,1,1~a,2,2               | overlap
          model,input,output,colour~a,1,1,red          | unknown column 'colour'
          model,input,input~a,1,1                      | two columns 'input'
          input,output~1,1                             | needs a column 'model'
          model,meter,price~a,inputs,1                 | Line 2: Unknown meter 'inputs'
          model,meter,class,price~a,input,night,1      | Unknown service class 'night'
          model,meter,class,price~a,input,batch,1      | stands alone
          model,input,output,tier_from~a,1,1,1000      | gap
          model,input,output,tier_from,tier_to~a,1,1,0,10~a,1,1,20, | gap
          model,input,output,tier_from,tier_to~a,1,1,0,10~a,1,1,9,  | overlap
          model,input,output,tier_from,tier_to~a,1,1,9,9 | is empty
          model,input,output,band~a,1,1,08:00-22:00    | gap
          model,input,output,band~a,1,1,8-22           | no part of the day
          model,input,output,valid_until~a,1,1,2027-01-01 | gap
          model,input,output,valid_until~a,1,1,soon    | Line 2: 'soon' in valid_until is no time
          model,input,output,rule,tier_from~a,1,1,steps,0 | Unknown rule 'steps'
          model,input,output,rule,band~a,1,1,volume,00:00-24:00~b,1,1,volume,08:00-09:00 | time of the day
          model,factor~a,50%                           | has no price
          model,input,output,factor~a,1,1,~*,,,half    | no factor
          model,input,output,factor~a,1,1,~*,,,2000000% | absurd
          model,input,output~"a,1,1                    | nothing closes
          model,input,output~"a"b,1,1                  | after a closing
          model,input,output~a,1,1,1                   | 4 fields for 3 columns
          """)
  void whatIsNoPriceListIsRefusedInOneSentence(String text, String why) {
    assertThatThrownBy(() -> read(text.replace('~', '\n')))
        .isInstanceOf(MoneyException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  @Test
  void twoFactorsThatMeetMustSayWhichCounts() {
    assertThatThrownBy(() ->
            read(
                """
                model,input,output,meter,class,factor,group
                a,1,1,,,,
                *,,,,batch,50%,channel
                *,,,cache_hit,,10%,channel
                """))
        .hasMessageContaining("have rank 0 and meet");
  }

  /** Damaged in any way, a price list is read or refused, and nothing else happens. */
  @Test
  void damagedListsAreReadOrRefused() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("PriceListCsvTest seed " + seed);
    Random random = new Random(seed);
    String whole =
        """
        model,input,output,cache_hit,tier_from,tier_to,band,valid_from,factor,group,rank,rule
        alpha,1,2,0.1,0,1000,,,,,,input_length
        alpha,2,4,0.2,1000,,,,,,,input_length
        "beta",1,2,,,,22:00-08:00,,,,,
        beta,2,3,,,,08:00-22:00,,,,,
        *,,,,,,,,50%,night,1,
        """;
    int readable = 0;
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder(whole);
      for (int damage = random.nextInt(4); damage >= 0; damage--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, (char) random.nextInt(0x180));
          default -> text.setCharAt(at, ",\"\n-0%:*".charAt(random.nextInt(8)));
        }
      }
      try {
        read(text.toString());
        readable++;
      } catch (MoneyException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
    assertThat(readable).isPositive();
  }
}
