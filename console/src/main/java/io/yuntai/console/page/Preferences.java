package io.yuntai.console.page;

import io.yuntai.console.text.Language;
import io.yuntai.server.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How somebody wants to see the console, as cookies of their browser say.
 *
 * @param language of texts and formats
 * @param theme {@code light}, {@code dark} or {@code system}
 * @param zone where the person is
 * @param tenant that was looked at last; empty for none
 * @param notice what the page before wants told once; empty for nothing
 */
public record Preferences(
    Language language, String theme, ZoneId zone, String tenant, String notice) {
  /** Cookie. */
  public static final String LANGUAGE = "yuntai_language";

  /** Cookie. */
  public static final String THEME = "yuntai_theme";

  /** Cookie, set by a script, which alone knows. */
  public static final String ZONE = "yuntai_zone";

  /** Cookie. */
  public static final String TENANT = "yuntai_tenant";

  /** Cookie. */
  public static final String NOTICE = "yuntai_notice";

  /** What cookies say, and where they don't, the browser. */
  public static Preferences of(Exchange exchange) {
    Language language =
        exchange
            .cookie(LANGUAGE)
            .flatMap(Language::of)
            .orElseGet(
                () -> Language.ofBrowser(exchange.requestHeader("Accept-Language").orElse("")));
    String theme =
        exchange.cookie(THEME).filter(name -> name.matches("light|dark")).orElse("system");
    return new Preferences(
        language,
        theme,
        io.yuntai.console.text.Formats.zone(decoded(exchange.cookie(ZONE))),
        decoded(exchange.cookie(TENANT)),
        decoded(exchange.cookie(NOTICE)));
  }

  private static String decoded(Optional<String> cookie) {
    try {
      return cookie.map(text -> URLDecoder.decode(text, StandardCharsets.UTF_8)).orElse("");
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
