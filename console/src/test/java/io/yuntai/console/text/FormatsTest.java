package io.yuntai.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class FormatsTest {
  private final Formats english = new Formats(Language.EN, ZoneOffset.UTC);
  private final Formats chinese = new Formats(Language.ZH, ZoneId.of("Asia/Shanghai"));

  @Test
  void moneyKeepsEveryPlaceThatItHas() {
    assertThat(english.money(31_000, "CNY")).contains("0.000031");
    assertThat(english.money(1_500_000_000L, "CNY")).endsWith("1.50");
    assertThat(chinese.money(1_234_500_000_000L, "CNY")).contains("¥", "1,234.50");
    assertThat(english.money(1_234_567_000L, "USD", 2)).endsWith("1.23");
    assertThat(english.money(5_000_000_000L, "JPY")).endsWith("5");
  }

  @Test
  void timesAreThePersonsOwn() {
    Instant instant = Instant.parse("2026-11-23T20:30:00Z");
    assertThat(english.time(instant)).contains("23").contains("20:30");
    assertThat(chinese.time(instant)).contains("2026年11月24日").contains("04:30");
  }

  @Test
  void sizesAndDurationsHaveUnits() {
    assertThat(english.bytes(0)).isEqualTo("0 B");
    assertThat(english.bytes(397_807_936)).isEqualTo("398 MB");
    assertThat(english.bytes(1_120_000_000)).isEqualTo("1.1 GB");
    assertThat(english.duration(Duration.ofMillis(250))).isEqualTo("250 ms");
    assertThat(english.duration(Duration.ofMillis(1250))).isEqualTo("1.25 s");
    assertThat(english.duration(Duration.ofMinutes(5))).isEqualTo("5.0 min");
    assertThat(english.energy(840)).isEqualTo("0.8 J");
    assertThat(english.energy(11_300)).isEqualTo("11 J");
    assertThat(english.energy(36_000_000)).isEqualTo("10 Wh");
  }

  @Test
  void zonesThatNobodyKnowsAreUtc() {
    assertThat(Formats.zone("Asia/Shanghai")).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(Formats.zone("Not/AZone")).isEqualTo(ZoneId.of("UTC"));
    assertThat(Formats.zone("")).isEqualTo(ZoneId.of("UTC"));
  }

  @Test
  void browsersSayWhatTheySpeak() {
    assertThat(Language.ofBrowser("zh-CN,zh;q=0.9,en;q=0.8")).isEqualTo(Language.ZH);
    assertThat(Language.ofBrowser("de-DE,en;q=0.8,zh;q=0.5")).isEqualTo(Language.EN);
    assertThat(Language.ofBrowser("fr")).isEqualTo(Language.EN);
  }
}
