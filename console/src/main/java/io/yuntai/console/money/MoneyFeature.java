package io.yuntai.console.money;

import io.yuntai.console.Feature;
import io.yuntai.console.live.LiveStreams;
import io.yuntai.console.page.Audience;
import io.yuntai.console.page.Endpoint;
import io.yuntai.console.page.Page;
import io.yuntai.ledger.tenancy.Permission;
import io.yuntai.server.console.ConsoleServices;
import java.time.Duration;
import java.util.List;

/** The page Money, and those below it. */
public final class MoneyFeature implements Feature {
  private static final Duration EVERY = Duration.ofMillis(500);

  private final MoneyPage page;
  private final InvoicePage invoice;
  private final ProofPage proof;
  private final LiveStreams streams;

  /** On these services. */
  public MoneyFeature(ConsoleServices services, LiveStreams streams) {
    this.page = new MoneyPage(services);
    this.invoice = new InvoicePage(services);
    this.proof = new ProofPage(services);
    this.streams = streams;
  }

  @Override
  public List<Page> pages() {
    return List.of(page, invoice, proof);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            "GET",
            MoneyPage.PATH + "/live",
            Audience.of(Permission.READ),
            (visit, _) -> streams.follow(visit, EVERY, () -> page.live(visit))));
  }
}
