package io.yuntai.console.shell;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import java.util.List;

/** What belongs to no page. */
public final class ShellFeature implements Feature {
  @Override
  public List<Page> pages() {
    return List.of(new PreferencesPage(), new OfflinePage());
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET", "/console/manifest.webmanifest", Audience.ANYONE, InstalledApp::manifest),
        new Endpoint("GET", "/console/service-worker.js", Audience.ANYONE, InstalledApp::worker));
  }
}
