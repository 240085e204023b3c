package io.yuntai.console.develop;

import io.yuntai.console.Feature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.List;

/** The page Develop. */
public final class DevelopFeature implements Feature {
  private static final Duration EVERY = Duration.ofMillis(300);

  private final DevelopPage page;
  private final RunKeys runKeys;
  private final LiveStreams streams;

  /** On these services. */
  public DevelopFeature(ConsoleServices services, LiveStreams streams) {
    this.page = new DevelopPage(services);
    this.runKeys = new RunKeys(services);
    this.streams = streams;
  }

  @Override
  public List<Page> pages() {
    return List.of(page);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET",
            DevelopPage.LIVE,
            Audience.of(Permission.READ),
            (visit, _) -> streams.follow(visit, EVERY, () -> page.live(visit))),
        new Endpoint(
            "POST",
            DevelopPage.RUN_KEY,
            Audience.of(Permission.KEYS),
            (visit, exchange) -> exchange.json(201, runKeys.make(visit))));
  }

  @Override
  public List<String> assets() {
    return List.of("develop.js");
  }
}
