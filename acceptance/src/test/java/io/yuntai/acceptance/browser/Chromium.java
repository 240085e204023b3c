package io.yuntai.acceptance.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Tracing;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Chromium of this machine, driven by Playwright; for one thread. */
final class Chromium implements AutoCloseable {
  /** Where pictures go. */
  static final Path PICTURES = Path.of(property("yuntai.pictures"));

  private static final int HEIGHT = 800;

  /** A busy machine may be this slow, not a page. */
  private static final double PATIENCE_MILLIS = 120_000;

  private final Playwright playwright;
  private final Browser browser;

  Chromium() throws IOException {
    Files.createDirectories(PICTURES);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(Path.of(property("yuntai.chromium")))
                    .setTimeout(PATIENCE_MILLIS)
                    .setArgs(List.of("--disable-gpu", "--disable-dev-shm-usage")));
  }

  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          name + " is not set: run these tests by acceptance/browser/run");
    }
    return value;
  }

  /**
   * A window of its own.
   *
   * @param state of somebody who has signed in, as {@link BrowserContext#storageState()} gives it;
   *     empty for somebody who has not
   */
  BrowserContext window(Look look, String url, String state) {
    Browser.NewContextOptions options =
        new Browser.NewContextOptions()
            .setBaseURL(url)
            .setViewportSize(look.width(), HEIGHT)
            .setLocale(look.language().equals("zh") ? "zh-CN" : "en-GB")
            .setTimezoneId("Asia/Shanghai")
            .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE)
            .setColorScheme(look.theme() == Look.Theme.DARK ? ColorScheme.DARK : ColorScheme.LIGHT);
    if (!state.isEmpty()) {
      options.setStorageState(state);
    }
    BrowserContext window = browser.newContext(options);
    window.setDefaultTimeout(PATIENCE_MILLIS);
    window.addCookies(List.of(new Cookie("yuntai_language", look.language()).setUrl(url)));
    return window;
  }

  /** A picture of all of a page. */
  static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }

  /** Begins to note all that happens in a window, for people to see when something fails. */
  static void trace(BrowserContext window) {
    window.tracing().start(new Tracing.StartOptions().setScreenshots(true).setSnapshots(true));
  }

  /** Keeps what was noted. */
  static void keepTrace(BrowserContext window, String name) {
    window.tracing().stop(new Tracing.StopOptions().setPath(PICTURES.resolve(name + "-trace.zip")));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
