package io.yuntai.planner.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.planner.PlannerException;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactsTest {
  private static final String OWN =
      """
      [chip.h200]
      price = { value = 25, unit = "thousand USD/accelerator", source = "our offer", date = "2026-10", confidence = "published" }
      """;

  @Test
  void everyDefaultHasASourceAndADate() {
    for (Fact fact : Facts.defaults().all()) {
      assertThat(fact.source()).as(fact.name()).hasSizeGreaterThan(5);
      assertThat(fact.date())
          .as(fact.name())
          .isBetween(YearMonth.of(2020, 1), YearMonth.of(2027, 1));
    }
  }

  @Test
  void ownNumbersTakeTheirPlace() {
    Facts facts = Facts.defaults().with(FactsReader.parse("own.toml", OWN));
    assertThat(facts.get("chip.h200.price").in("USD/accelerator")).isEqualTo(25_000);
    assertThat(facts.get("chip.h200.price").source()).isEqualTo("our offer");
    assertThat(facts.get("chip.h200.memory").in("GB")).isEqualTo(141);
  }

  @Test
  void unknownNamesAreToldWithThoseNearThem() {
    assertThatThrownBy(() -> Facts.defaults().get("chip.h200.memroy"))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining("'chip.h200.memroy'")
        .hasMessageContaining("chip.h200.memory");
    Map<String, Fact> slip = FactsReader.parse("own.toml", OWN.replace("h200", "h2000"));
    assertThatThrownBy(() -> Facts.defaults().with(slip)).hasMessageContaining("chip.h2000.price");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "thousand USD/accelerator | USD/kW | be replaced by USD/kW",
        "thousand USD/accelerator | USd | in the unit",
        "2026-10 | October | year and month",
        "confidence = \"published\" | confidence = \"sure\" | none of: measured",
        "value = 25 | value = \"25\" | must be a number",
        "value = 25 | value = inf | no number",
        "source = \"our offer\", | `` | text for 'source'",
        "price = { | price = { colour = 1, | 'colour'",
        "[chip.h200] | chip = 1 | must be a number with",
        "[chip.h200] | [chip.h200 | own.toml:1"
      })
  void slipsAreNamedWithTheirPlace(String right, String wrong, String message) {
    assertThatThrownBy(
            () -> Facts.defaults().with(FactsReader.parse("own.toml", OWN.replace(right, wrong))))
        .isInstanceOf(PlannerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void damagedFilesAreRefusedInASentence() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = OWN.getBytes(StandardCharsets.UTF_8);
      for (int damage = 1 + random.nextInt(3); damage > 0; damage--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
      }
      try {
        FactsReader.parse("own.toml", new String(bytes, StandardCharsets.UTF_8));
      } catch (PlannerException e) {
        assertThat(e).hasMessageStartingWith("own.toml");
      }
    }
  }
}
