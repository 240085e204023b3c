package io.yuntai.console.shell;

import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Page;
import io.yuntai.console.page.View;
import io.yuntai.console.page.Visit;

/** What an installed console shows without a network. */
final class OfflinePage implements Page {
  @Override
  public String path() {
    return "/console/offline";
  }

  @Override
  public Audience audience() {
    return Audience.ANYONE;
  }

  @Override
  public View show(Visit visit) {
    return View.html("shell/offline.jte", visit);
  }
}
