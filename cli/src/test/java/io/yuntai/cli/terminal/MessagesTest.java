package io.yuntai.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final Pattern PLACE = Pattern.compile("\\{\\d}");

  @Test
  void bothLanguagesHaveTheSameSentencesWithTheSameValues() {
    Messages english = Messages.in("en");
    Messages chinese = Messages.in("zh");
    assertThat(chinese.keys()).isEqualTo(english.keys());
    for (String key : english.keys()) {
      assertThat(places(chinese.text(key))).as(key).isEqualTo(places(english.text(key)));
    }
  }

  private static java.util.Set<String> places(String text) {
    java.util.Set<String> places = new java.util.TreeSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      places.add(matcher.group());
    }
    return places;
  }

  @Test
  void yuntaiLangGoesBeforeTheLocale() {
    assertThat(Messages.of(Map.of("YUNTAI_LANG", "zh", "LANG", "en_US.UTF-8")).text("up.stopped"))
        .isEqualTo("已停止。");
    assertThat(Messages.of(Map.of("LANG", "zh_CN.UTF-8")).text("up.stopped")).isEqualTo("已停止。");
    assertThat(Messages.of(Map.of("LANG", "de_DE.UTF-8")).text("up.stopped")).isEqualTo("Stopped.");
  }
}
