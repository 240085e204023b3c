package io.yuntai.console.requests;

import io.yuntai.console.Feature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.List;

/** The page Requests, that of one of them, and of two beside each other. */
public final class RequestsFeature implements Feature {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final ConsoleServices services;
  private final RequestsPage page;
  private final LiveStreams streams;

  /** On these services. */
  public RequestsFeature(ConsoleServices services, LiveStreams streams) {
    this.services = services;
    this.page = new RequestsPage(services);
    this.streams = streams;
  }

  @Override
  public List<String> assets() {
    return List.of("requests.css");
  }

  @Override
  public List<Page> pages() {
    Replays replays = new Replays(services);
    return List.of(page, new RequestPage(services, replays), new ComparePage(services, replays));
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET",
            RequestsPage.PATH + "/live",
            Audience.of(Permission.READ),
            (visit, _) -> streams.follow(visit, EVERY, () -> page.live(visit))));
  }
}
