package io.yuntai.console;

import io.yuntai.console.asset.Assets;
import java.util.List;

/** What every page loads, or may. Those of others are listed with their digests in vendored.txt. */
final class BaseAssets {
  static final Assets.Source SOURCE =
      new Assets.Source(
          BaseAssets.class,
          List.of(
              "console.css",
              "console.js",
              "chart.js",
              "icons.svg",
              "logo.svg",
              "icon-192.png",
              "icon-512.png",
              "htmx-4.0.1.min.js",
              "uplot-1.6.32.min.js",
              "uplot-1.6.32.min.css",
              "inter-latin-5.3.0.woff2"));

  private BaseAssets() {}
}
