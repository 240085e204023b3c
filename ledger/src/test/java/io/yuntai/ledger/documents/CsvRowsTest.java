package io.yuntai.ledger.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.money.MoneyException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CsvRowsTest {
  private static final String LETTERS = "ab,\"'=+@\t\r\n# 元";

  private static String field(Random random) {
    return IntStream.range(0, random.nextInt(8))
        .mapToObj(i -> String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length()))))
        .collect(Collectors.joining());
  }

  @Test
  void whatWasWrittenIsReadAsItWas() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("CsvRowsTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      // A mark of one's own before a formula is taken for ours; no field that is kept begins so.
      List<String> fields =
          Stream.generate(() -> field(random))
              .filter(field -> !field.startsWith("'"))
              .limit(1 + random.nextInt(5))
              .toList();
      assertThat(CsvRows.written(CsvText.row(fields))).isEqualTo(fields);
    }
  }

  @Test
  void aDamagedRowIsRefused() {
    for (String row : List.of("a,\"b", "a,\"b\"c", "a\r\nb\r\n")) {
      assertThatThrownBy(() -> CsvRows.written(row)).isInstanceOf(MoneyException.class);
    }
  }

  @Test
  void aPersonsTextMayHaveBlanksRemarksAndEmptyLines() {
    assertThat(CsvRows.read("\ufeff# prices\n\n model , input \r\n\"a,b\",1\n"))
        .extracting(CsvRows.Row::fields)
        .containsExactly(List.of("model", "input"), List.of("a,b", "1"));
  }
}
