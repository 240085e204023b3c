package io.yuntai.console.models;

import io.yuntai.console.Feature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.List;

/** The page Models, and that of one of them. */
public final class ModelsFeature implements Feature {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final ModelsPage page;
  private final ModelPage one;
  private final LiveStreams streams;

  /** On these services. */
  public ModelsFeature(ConsoleServices services, LiveStreams streams) {
    ModelRows rows = new ModelRows(services);
    this.page = new ModelsPage(services, rows);
    this.one = new ModelPage(services, rows);
    this.streams = streams;
  }

  @Override
  public List<Page> pages() {
    return List.of(page, one);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET",
            ModelsPage.LIVE,
            Audience.of(Permission.READ),
            (visit, _) -> streams.follow(visit, EVERY, () -> page.live(visit))));
  }
}
