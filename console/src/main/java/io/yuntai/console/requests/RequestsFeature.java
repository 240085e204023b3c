package io.yuntai.console.requests;

import io.yuntai.console.Feature;
import io.yuntai.console.page.Page;
import io.yuntai.server.console.ConsoleServices;
import java.util.List;

/** The page Requests, that of one of them, and of two beside each other. */
public final class RequestsFeature implements Feature {
  private final ConsoleServices services;

  /** On these services. */
  public RequestsFeature(ConsoleServices services) {
    this.services = services;
  }

  @Override
  public List<String> assets() {
    return List.of("requests.css");
  }

  @Override
  public List<Page> pages() {
    Replays replays = new Replays(services);
    return List.of(
        new RequestsPage(services),
        new RequestPage(services, replays),
        new ComparePage(services, replays));
  }
}
