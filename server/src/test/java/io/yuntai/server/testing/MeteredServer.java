package io.yuntai.server.testing;

import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.budgets.FailMode;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.journal.FolderDisk;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.NodeSettings;
import io.yuntai.ledger.node.NodeThreads;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.metering.LedgerMetering;
import io.yuntai.server.telemetry.Telemetry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A {@link TestServer} whose requests draw from counters of a bank. */
public final class MeteredServer implements AutoCloseable {
  /** 1,000 nano for a token of a prompt, 100 where it was stored, 3,000 for one generated. */
  public static final Rates RATES =
      new Rates(
          List.of(
              new Rates.Tier(Long.MAX_VALUE, 1_000_000, 100_000, 1_000_000, 3_000_000, 3_000_000)));

  private final NodeThreads ledger;
  private final TestServer server;

  /**
   * @param folder for the journal
   * @param counters that every request draws from
   */
  public MeteredServer(Bank bank, Path folder, List<PlannedCounter> counters) {
    this(bank, folder, counters, Routing.NONE);
  }

  /** With routes. */
  public MeteredServer(Bank bank, Path folder, List<PlannedCounter> counters, Routing routing) {
    this(bank, folder, counters, routing, new OneCard());
  }

  /** With routes and prices. */
  public MeteredServer(
      Bank bank, Path folder, List<PlannedCounter> counters, Routing routing, RateCards cards) {
    this(bank, folder, counters, routing, cards, Telemetry.NONE);
  }

  /** With routes, and whoever is told of requests. */
  public MeteredServer(
      Bank bank, Path folder, List<PlannedCounter> counters, Routing routing, Telemetry telemetry) {
    this(bank, folder, counters, routing, new OneCard(), telemetry);
  }

  private MeteredServer(
      Bank bank,
      Path folder,
      List<PlannedCounter> counters,
      Routing routing,
      RateCards cards,
      Telemetry telemetry) {
    Journal journal = Journal.open(FolderDisk.open(folder), JournalSettings.DEFAULT);
    GatewayNode node =
        new GatewayNode(
            bank.register("test"),
            journal,
            NodeSettings.ALONE,
            System::nanoTime,
            bank.now(),
            new SecureRandom());
    ledger = NodeThreads.start(node, bank);
    RequestPlan plan = new RequestPlan(1, 1, 0, 1, counters, 1, FailMode.CLOSED, Instant.MAX);
    server =
        new TestServer(new LedgerMetering(ledger, (_, _, _) -> plan, cards), routing, telemetry);
  }

  /** The server. */
  public TestServer server() {
    return server;
  }

  /** Its part of the ledger. */
  public NodeThreads ledger() {
    return ledger;
  }

  @Override
  public void close() {
    server.close();
    ledger.close();
  }

  /** The same prices for everything. */
  private static final class OneCard implements RateCards, RateCard {
    @Override
    public RateCard current(long orgId, Instant at) {
      return this;
    }

    @Override
    public RateCard cited(long cardId) {
      return this;
    }

    @Override
    public long id() {
      return 1;
    }

    @Override
    public String currency() {
      return "CNY";
    }

    @Override
    public String sha256() {
      return "";
    }

    @Override
    public Instant from() {
      return Instant.MIN;
    }

    @Override
    public Instant until() {
      return Instant.MAX;
    }

    @Override
    public Optional<Rates> rates(String model, ServiceClass serviceClass, Instant at) {
      return Optional.of(RATES);
    }
  }
}
