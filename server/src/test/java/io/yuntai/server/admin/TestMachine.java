package io.yuntai.server.admin;

import io.yuntai.engine.LoadOptions;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.shelf.MachineSpeed;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.shelf.Pulls;
import io.yuntai.server.shelf.ServedModels;
import io.yuntai.server.standing.LedgerProof;
import io.yuntai.server.standing.Standing;
import io.yuntai.server.standing.Vitals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** A machine with the catalogue and an empty store, whose pulls never end by themselves. */
record TestMachine(Pulls pulls, Vitals vitals, ModelShelf shelf, Standing standing)
    implements AutoCloseable {
  private static final ServedModels NONE =
      new ServedModels() {
        @Override
        public List<Served> served() {
          return List.of();
        }

        @Override
        public String nameOf(StoredModel model) {
          return model.name();
        }

        @Override
        public Served serve(StoredModel model) {
          throw new IllegalStateException("nothing is served here");
        }

        @Override
        public boolean retire(String name, Duration grace) {
          return false;
        }
      };

  static TestMachine start(Path home, Transactions transactions, DataSource database) {
    InstantSource clock = InstantSource.system();
    Catalog catalog = Catalog.load();
    ModelHost host = new ModelHost();
    CountDownLatch never = new CountDownLatch(1);
    Pulls pulls = new Pulls((_, _) -> never.await(), clock);
    Vitals vitals = Vitals.start(host, Routing.NONE, clock);
    ModelShelf shelf =
        new ModelShelf(
            new ModelShelf.Parts(
                catalog,
                new ModelStore(home, catalog),
                pulls,
                NONE,
                host,
                Routing.NONE,
                new MachineSpeed(() -> false),
                LoadOptions.DEFAULTS,
                clock));
    LedgerProof proof = LedgerProof.start(database, clock);
    return new TestMachine(
        pulls,
        vitals,
        shelf,
        new Standing(home, transactions, shelf, Routing.NONE, vitals, proof, clock));
  }

  @Override
  public void close() {
    pulls.close();
    vitals.close();
    standing.proof().close();
  }
}
