package io.yuntai.console.shell;

import io.yuntai.console.page.Visit;
import io.yuntai.server.http.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What makes the console an app on somebody's device. */
final class InstalledApp {
  private static final JsonMapper JSON = new JsonMapper();

  private InstalledApp() {}

  static void manifest(Visit visit, Exchange exchange) throws IOException {
    ObjectNode manifest = JSON.createObjectNode();
    manifest
        .put("name", visit.ui().brand().name())
        .put("short_name", visit.ui().brand().name())
        .put("id", "/console")
        .put("start_url", "/console")
        .put("scope", "/")
        .put("display", "standalone")
        .put("lang", visit.ui().language().tag())
        .put("background_color", "#F7F8F6")
        .put("theme_color", "#0B6B5D");
    var icons = manifest.putArray("icons");
    for (int size : new int[] {192, 512}) {
      icons
          .addObject()
          .put("src", visit.ui().asset("icon-" + size + ".png"))
          .put("sizes", size + "x" + size)
          .put("type", "image/png")
          .put("purpose", "any maskable");
    }
    exchange.header("Cache-Control", "no-cache");
    exchange.whole(200, "application/manifest+json", JSON.writeValueAsBytes(manifest));
  }

  /** Its text changes with any asset, and with it what it keeps. */
  static void worker(Visit visit, Exchange exchange) throws IOException {
    String folder = visit.ui().asset("console.css").replaceFirst("[^/]*$", "");
    try (InputStream in = InstalledApp.class.getResourceAsStream("service-worker.js")) {
      if (in == null) {
        throw new IllegalStateException("service-worker.js is missing from the jar");
      }
      String script =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("ASSET_FOLDER", folder);
      exchange.header("Cache-Control", "no-cache");
      exchange.header("Service-Worker-Allowed", "/console");
      exchange.whole(
          200, "text/javascript; charset=utf-8", script.getBytes(StandardCharsets.UTF_8));
    }
  }
}
