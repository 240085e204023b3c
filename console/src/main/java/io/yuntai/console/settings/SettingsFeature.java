package io.yuntai.console.settings;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Page;
import io.yuntai.server.console.ConsoleServices;
import java.util.List;

/** What somebody sets for themselves. */
public final class SettingsFeature implements Feature {
  private final ConsoleServices services;

  /** On these services. */
  public SettingsFeature(ConsoleServices services) {
    this.services = services;
  }

  @Override
  public List<Page> pages() {
    return List.of(new SettingsPage(services), new FactorPage(services));
  }
}
