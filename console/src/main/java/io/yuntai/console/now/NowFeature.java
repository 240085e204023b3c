package io.yuntai.console.now;

import io.yuntai.console.Feature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.List;

/** The page Now. */
public final class NowFeature implements Feature {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final NowPage page;
  private final LiveStreams streams;

  /** On these services. */
  public NowFeature(ConsoleServices services, LiveStreams streams) {
    this.page = new NowPage(new NowFigures(services), services);
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
            NowPage.PATH + "/live",
            Audience.of(Permission.READ),
            (visit, _) -> streams.follow(visit, EVERY, () -> page.live(visit))));
  }
}
