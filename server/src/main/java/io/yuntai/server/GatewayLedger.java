package io.yuntai.server;

import io.yuntai.ledger.bank.BankOptions;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.budgets.Plans;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.journal.FolderDisk;
import io.yuntai.ledger.journal.Journal;
import io.yuntai.ledger.journal.JournalException;
import io.yuntai.ledger.journal.JournalSettings;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.NodeSettings;
import io.yuntai.ledger.node.NodeThreads;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.server.gateway.Metering;
import io.yuntai.server.metering.LedgerMetering;
import io.yuntai.server.metrics.LedgerMetrics;
import io.yuntai.server.metrics.MetricSource;
import io.yuntai.server.telemetry.RequestRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.sql.DataSource;

/** This gateway's part of the ledger, with its journal in the home. */
final class GatewayLedger implements AutoCloseable {
  private static final int NAME_BYTES = 8;

  private final Journal journal;
  private final NodeThreads threads;
  private final LedgerMetering metering;

  private GatewayLedger(Journal journal, NodeThreads threads, LedgerMetering metering) {
    this.journal = journal;
    this.threads = threads;
    this.metering = metering;
  }

  /**
   * Opens the journal, tells the bank that this gateway lives anew, and settles what an earlier run
   * left.
   *
   * @param shared whether other gateways may draw from the same counters
   * @throws StartException where the journal can't be opened
   */
  static GatewayLedger start(
      DataSource database,
      HomeDirectory home,
      boolean shared,
      Plans plans,
      RateCards cards,
      SecureRandom random) {
    Path folder = home.path().resolve("ledger");
    try {
      PostgresBank bank = new PostgresBank(database, BankOptions.DEFAULT);
      Journal journal =
          Journal.open(FolderDisk.open(folder.resolve("journal")), JournalSettings.DEFAULT);
      GatewayNode node =
          new GatewayNode(
              bank.register(name(folder, random)),
              journal,
              shared ? NodeSettings.SHARED : NodeSettings.ALONE,
              System::nanoTime,
              bank.now(),
              random);
      NodeThreads threads = NodeThreads.start(node, bank);
      return new GatewayLedger(journal, threads, new LedgerMetering(threads, plans, cards));
    } catch (JournalException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new StartException("The ledger's folder " + folder + " can't be used: " + e, e);
    }
  }

  /** Drawn once for a home, so that two homes are never taken for one gateway. */
  private static String name(Path folder, SecureRandom random) throws IOException {
    Path file = folder.resolve("gateway");
    if (!Files.exists(file)) {
      byte[] bytes = new byte[NAME_BYTES];
      random.nextBytes(bytes);
      Files.writeString(file, "gateway-" + HexFormat.of().formatHex(bytes) + "\n");
    }
    return Files.readString(file).strip();
  }

  Metering metering() {
    return metering;
  }

  /** What it tells monitors. */
  MetricSource metrics(Database database, RequestRecorder recorder) {
    return new LedgerMetrics(
        () -> LedgerMetrics.Figures.of(database, threads.node(), journal, recorder));
  }

  @Override
  public void close() {
    threads.close();
    journal.close();
  }
}
