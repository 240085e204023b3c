package io.yuntai.planner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.yuntai.planner.PlannerException;
import io.yuntai.planner.facts.Confidence;
import io.yuntai.planner.facts.Facts;
import io.yuntai.planner.plan.PlanInputs;
import io.yuntai.planner.plan.Scenario;
import io.yuntai.planner.plan.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PlanFileReaderTest {
  private static final Facts FACTS = Facts.defaults();
  private static final String START_UP = PlanTemplate.START_UP.content();

  @TempDir private Path folder = Path.of("");

  private static PlanFile read(String text) {
    return PlanFileReader.text("plan.toml", text, FACTS);
  }

  @ParameterizedTest
  @EnumSource(PlanTemplate.class)
  void templatesAreRead(PlanTemplate template) {
    PlanFile file = read(template.content());
    assertThat(file.inputs().chips()).isNotEmpty();
    assertThat(file.inputs().demand().rows()).isNotEmpty();
    assertThat(file.assumptions()).hasSizeGreaterThan(20);
    assertThat(PlanTemplate.of(template.text())).isEqualTo(template);
  }

  @Test
  void unitsAndCurrenciesAreConverted() {
    PlanInputs inputs = read(START_UP).inputs();
    assertThat(inputs.chip("server-h100").price().at(0)).isCloseTo(0.3 * 7.252, within(1e-9));
    assertThat(inputs.contract("hourly").price().at(0)).isCloseTo(20.8 * 7.252, within(1e-9));
    assertThat(inputs.site("rack").upkeepPerMegawattYear()).isCloseTo(1.8 * 7.252, within(1e-9));
    assertThat(inputs.site("rack").phases().getFirst().megawatts()).isCloseTo(0.0102, within(1e-9));
    assertThat(inputs.finance().discountPerYear()).isCloseTo(0.08, within(1e-12));
    assertThat(inputs.chip("server-h100").bookQuarters()).isEqualTo(12);
    assertThat(inputs.demand().at("chat", "home", "busy", 0, inputs.scenarios().getFirst()))
        .isCloseTo(1600, within(1e-9));
  }

  @Test
  void ratesOfExchangeMayMove() {
    String moving =
        START_UP.replace(
            "prices = \"nominal\"", "prices = \"nominal\"\nfx-change.USD = \"4 %/year\"");
    PlanFile file = read(moving);
    assertThat(file.inputs().contract("hourly").price().at(0))
        .isCloseTo(20.8 * 7.252, within(1e-9));
    assertThat(file.inputs().contract("hourly").price().at(4))
        .isCloseTo(20.8 * 7.252 * 1.04, within(1e-9));
    assertThat(file.inputs().workClass("chat").price().at(7)).isCloseTo(45, within(1e-12));
    assertThat(file.notes()).anyMatch(note -> note.contains("and at 7.5421 a year later"));
    assertThatThrownBy(() -> read(moving.replace("4 %/year", "400 %/year")))
        .hasMessageContaining("USD may change by -50 %");
    assertThatThrownBy(() -> read(moving.replace("fx-change.USD", "fx-change.JPY")))
        .hasMessageContaining("money.fx-change.JPY");
  }

  @Test
  void aScenarioIsOneWithAnotherUntilItIsKnown() {
    String futures =
        START_UP
            + """

            [scenarios.base]
            probability = 0.6
            supply.server-h100 = "9 server/quarter"
            [scenarios.slow]
            probability = 0.4
            splits-from = "base"
            known-from = "2027-Q3"
            demand = 0.5
            """;
    Scenario slow = read(futures).inputs().scenarios().getLast();
    assertThat(slow.demandFactor()).isEqualTo(Series.of(1, 1, 0.5));
    assertThat(slow.supply())
        .containsEntry("server-h100", Series.of(9, 9, Double.POSITIVE_INFINITY));
    String apart =
        futures
            + """
            [[demand]]
            class = "chat"
            region = "home"
            scenario = "slow"
            rate = "1 token/s"
            """;
    assertThatThrownBy(() -> read(apart))
        .hasMessageContaining("scenarios.slow is told from base in 2027-Q3 only")
        .hasMessageContaining("in 2027-Q1");
  }

  @Test
  void fiscalQuartersAndRatesAreTold() {
    PlanFile file = read(PlanTemplate.ENTERPRISE.content());
    assertThat(file.inputs().horizon().firstQuarter()).isEqualTo("2027-Q1");
    assertThat(file.notes()).anyMatch(note -> note.startsWith("USD are translated"));
    assertThat(read(PlanTemplate.HYPERSCALE.content()).notes())
        .anyMatch(note -> note.contains("24.8 % a year") && note.contains("2027-10-01"));
    assertThat(read(PlanTemplate.HYPERSCALE.content()).context()).hasSize(3);
  }

  @Test
  void assumptionsKnowTheirSource() {
    PlanFile file = read(START_UP);
    Assumption price =
        file.assumptions().stream()
            .filter(one -> one.cell().equals("chips.server-h100.price"))
            .findFirst()
            .orElseThrow();
    assertThat(price.value()).contains("server.price");
    assertThat(price.confidence()).isEqualTo(Confidence.ESTIMATE);
    assertThat(price.isStale(YearMonth.of(2026, 11), 18)).isFalse();
    assertThat(price.isStale(YearMonth.of(2028, 11), 18)).isTrue();
  }

  @Test
  void realMoneyIsPaidWithInflation() {
    String real =
        START_UP.replace(
            "\"45 CNY/million token\"",
            "{ value = 45, unit = \"CNY/million token\", prices-of = \"2026-Q1\" }");
    double paid = read(real).inputs().workClass("chat").price().at(0);
    assertThat(paid).isCloseTo(45 * 1.02, within(1e-9));
    String base = real.replace("prices = \"nominal\"", "prices = \"real\"");
    assertThat(read(base).inputs().workClass("chat").price().at(7))
        .isCloseTo(45 * 1.02, within(1e-9));
    assertThat(read(base).notes()).anyMatch(note -> note.contains("prices of 2027-Q1"));
  }

  @Test
  void ownMeasurementsGoFirst() {
    String measured =
        START_UP.replace(
            "[chips.server-h100.serves.chat]",
            "[chips.server-h100.serves.chat]\nmeasured = \"1234 token/s/server\"");
    assertThat(read(measured).inputs().chip("server-h100").rate("chat")).isEqualTo(1234);
    assertThat(read(measured).notes())
        .anyMatch(note -> note.contains("1234") && note.contains("measured"));
    assertThat(read(START_UP).notes()).anyMatch(note -> note.contains("hardware's limits"));
  }

  @Test
  void demandIsTakenFromUsage() throws IOException {
    StringBuilder csv = new StringBuilder("hour,model,requests,output,refused\n");
    Instant first = Instant.parse("2025-11-01T00:00:00Z");
    for (int i = 0; i < 24 * 400; i++) {
      int output = i % 24 >= 18 ? 7200 : 3600;
      csv.append(first.plusSeconds(3600L * i)).append(",q,10,").append(output).append(",0\n");
    }
    Files.writeString(folder.resolve("usage.csv"), csv);
    Path plan = folder.resolve("plan.toml");
    String metered =
        START_UP.replaceAll(
            "(?s)rate = \"1000 token/s\".*?damping[^\n]*", "usage = \"usage.csv\"\nmodel = \"q\"");
    Files.writeString(plan, metered);
    PlanFile file = PlanFileReader.file(plan, FACTS);
    PlanInputs inputs = file.inputs();
    double busy = inputs.demand().at("chat", "home", "busy", 0, inputs.scenarios().getFirst());
    double rest = inputs.demand().at("chat", "home", "rest", 0, inputs.scenarios().getFirst());
    assertThat(busy).isCloseTo(2, within(0.1));
    assertThat(rest).isCloseTo(1, within(0.1));
    assertThat(file.notes()).anyMatch(note -> note.contains("months of usage"));
    assertThatThrownBy(() -> read(metered)).hasMessageContaining("command line only");
    PlanFile whole = read(metered + "\n[files]\n\"usage.csv\" = \"\"\"\n" + csv + "\"\"\"\n");
    assertThat(InputDigest.of(whole.inputs())).isEqualTo(InputDigest.of(inputs));
    assertThatThrownBy(() -> read(metered + "\n[files]\n\"usage.csv\" = \"hour,x\"\n"))
        .hasMessageStartingWith("plan.toml:")
        .hasMessageContaining("usage.csv:1: column 'x'");
    Files.writeString(
        plan, metered.replace("model = \"q\"", "quantile = \"newsvendor\"\nrent-by-own = 4"));
    assertThat(PlanFileReader.file(plan, FACTS).notes())
        .anyMatch(note -> note.contains("the quantile 0.75 is planned for"));
  }

  @ParameterizedTest
  @CsvSource({
    "'load = 1.6', 'laod = 1.6', 'plan.toml:22:1: blocks.busy.laod: ''laod'' is nothing'",
    "'\"550 h\"', '\"550 kW\"', 'blocks.busy.hours: ''550 kW'' is in kW, where something in h'",
    "'\"550 h\"', '550', 'plan.toml:21:1: blocks.busy.hours: ''550'' is a number without a unit'",
    "'\"60 %\"', '60', 'classes.chat.usable-load: 60 is no share'",
    "'currency = \"CNY\"', 'currency = \"JPY\"', 'money.currency: ''JPY'' is no currency'",
    "'\"2.5 million CNY/quarter\"', '\"2.5 million CNY\"', money.budget",
    "'\"2027-Q1\"', '\"2027-Q7\"', horizon.first-quarter",
    "'\"2027-Q1\"', '\"FY2027\"', no fiscal quarter",
    "'kind = \"api\"', 'kind = \"apple\"', 'contracts.api.kind: ''apple'' is none of'",
    "'price = { fact = \"server.price\"', 'price = { fact = \"server.prise\"', near it are server.price",
    "'region = \"home\"', 'region = \"hole\"', 'demand[0].region: ''hole'' is no region of the plan; there are: home'",
    "'[rules]', '[rools]', rools",
    "'pue = 1.0', 'pue = 0.2', sites.rack.pue is 0.2",
    "'pue = 1.0', '', 'sites.rack.pue: ''pue'' is missing'",
    "'goal = \"value\"', 'goal = 7', 'rules.goal: must be a text'",
    "'model = \"qwen3-32b\"', 'model = \"gpt-9\"', No model is called 'gpt-9'",
    "'growth = \"150 %/year\"', 'growth = \"150 %\"', 'demand[0].growth: ''150 %'' is in %'"
  })
  void slipsAreNamedWithLineCellAndMend(String right, String wrong, String message) {
    assertThat(START_UP).contains(right);
    assertThatThrownBy(() -> read(START_UP.replaceFirst(Pattern.quote(right), wrong)))
        .isInstanceOf(PlannerException.class)
        .hasMessageStartingWith("plan.toml")
        .hasMessageContaining(message);
  }

  @Test
  void damagedFilesAreRefusedInASentence() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("-Dyuntai.seed=" + seed);
    Random random = new Random(seed);
    int rounds = Integer.getInteger("yuntai.damaged", 300);
    for (int i = 0; i < rounds; i++) {
      StringBuilder text = new StringBuilder(START_UP);
      for (int damage = 1 + random.nextInt(4); damage > 0; damage--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(128));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
          default -> text.insert(at, "-9e99");
        }
      }
      try {
        assertThat(read(text.toString()).inputs().sites()).isNotNull();
      } catch (PlannerException e) {
        assertThat(e).hasMessageStartingWith("plan.toml").hasMessageEndingWith(".");
      }
    }
  }
}
