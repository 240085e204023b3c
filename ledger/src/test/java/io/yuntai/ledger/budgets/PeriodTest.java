package io.yuntai.ledger.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Windows tile time: each begins where the one before ends, in every zone, whatever clocks do. */
class PeriodTest {
  private static final List<Period> PERIODS =
      List.of(Period.MINUTE, Period.HOUR, Period.DAY, Period.WEEK, Period.MONTH);
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void tilesTimeInEveryZone() {
    long seed = Long.getLong("yuntai.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    for (int i = 0; i < 20_000; i++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Period period = PERIODS.get(random.nextInt(PERIODS.size()));
      Instant at = Instant.ofEpochSecond(random.nextLong(-4_000_000_000L, 8_000_000_000L));
      Window window = period.containing(at, zone);
      String what = "seed %d: %s in %s at %s: %s".formatted(seed, period, zone, at, window);
      assertThat(window.contains(at)).as(what).isTrue();
      assertThat(period.containing(window.from(), zone)).as(what).isEqualTo(window);
      assertThat(period.containing(window.to().minusNanos(1), zone)).as(what).isEqualTo(window);
      assertThat(period.containing(window.to(), zone).from()).as(what).isEqualTo(window.to());
      assertThat(period.containing(window.from().minusNanos(1), zone).to())
          .as(what)
          .isEqualTo(window.from());
    }
  }

  @Test
  void tilesTheDaysOnWhichAnyZonesClocksChange() {
    for (String id : ZoneId.getAvailableZoneIds()) {
      ZoneId zone = ZoneId.of(id);
      Stream.iterate(
              zone.getRules().nextTransition(Instant.parse("1900-01-01T00:00:00Z")),
              transition ->
                  transition != null
                      && transition.getInstant().isBefore(Instant.parse("2030-01-01T00:00:00Z")),
              transition -> zone.getRules().nextTransition(transition.getInstant()))
          .forEach(transition -> {
            Instant end = transition.getInstant().plus(Duration.ofDays(2));
            Window window = Period.DAY.containing(end.minus(Duration.ofDays(4)), zone);
            while (window.to().isBefore(end)) {
              Window next = Period.DAY.containing(window.to(), zone);
              assertThat(next.from()).as("%s at %s", id, transition).isEqualTo(window.to());
              window = next;
            }
            Window around = Period.DAY.containing(transition.getInstant(), zone);
            assertThat(around.contains(transition.getInstant())).as(id).isTrue();
          });
    }
  }

  @Test
  void hasDaysOf23And25Hours() {
    assertThat(length(Period.DAY, "2026-03-29T12:00:00Z")).isEqualTo(Duration.ofHours(23));
    assertThat(length(Period.DAY, "2026-10-25T12:00:00Z")).isEqualTo(Duration.ofHours(25));
    assertThat(length(Period.HOUR, "2026-10-25T00:30:00Z")).isEqualTo(Duration.ofHours(1));
    assertThat(length(Period.WEEK, "2026-10-25T12:00:00Z")).isEqualTo(Duration.ofHours(169));
  }

  private static Duration length(Period period, String at) {
    Window window = period.containing(Instant.parse(at), BERLIN);
    return Duration.between(window.from(), window.to());
  }

  @Test
  void beginsWeeksOnMondayAndMonthsOnTheFirst() {
    Instant at = Instant.parse("2026-11-22T12:00:00Z");
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    assertThat(Period.WEEK.containing(at, shanghai).from())
        .isEqualTo(LocalDate.parse("2026-11-16").atStartOfDay(shanghai).toInstant());
    assertThat(Period.MONTH.containing(at, shanghai).to())
        .isEqualTo(LocalDate.parse("2026-12-01").atStartOfDay(shanghai).toInstant());
    assertThat(Period.TOTAL.containing(at, shanghai)).isEqualTo(Window.ALWAYS);
  }
}
