package io.yuntai.server;

import io.yuntai.ledger.database.Transactions;
import io.yuntai.models.catalog.Catalog;
import io.yuntai.models.pull.Puller;
import io.yuntai.models.store.ModelStore;
import io.yuntai.models.store.StoredModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.shelf.MachineSpeed;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.shelf.Pulls;
import io.yuntai.server.standing.LedgerProof;
import io.yuntai.server.standing.Standing;
import io.yuntai.server.standing.Vitals;
import java.time.InstantSource;
import java.util.Map;
import javax.sql.DataSource;

/** What pages and the admin API know of this machine, and the threads that look after it. */
final class MachineServices implements AutoCloseable {
  private final Pulls pulls;
  private final Vitals vitals;
  private final LedgerProof proof;
  private final ModelShelf shelf;
  private final Standing standing;

  private MachineServices(
      Pulls pulls, Vitals vitals, LedgerProof proof, ModelShelf shelf, Standing standing) {
    this.pulls = pulls;
    this.vitals = vitals;
    this.proof = proof;
    this.shelf = shelf;
    this.standing = standing;
  }

  static MachineServices start(
      ServerOptions options,
      Map<String, String> environment,
      Catalog catalog,
      LocalModels models,
      ModelHost host,
      Routing routing,
      DataSource database) {
    InstantSource clock = InstantSource.system();
    ModelStore store = new ModelStore(options.home().path(), catalog);
    Puller puller = PublishedModels.puller(store, catalog, environment);
    Pulls pulls =
        new Pulls(
            (reference, listener) -> {
              StoredModel _ = puller.pull(reference, listener);
            },
            clock);
    Vitals vitals = Vitals.start(host, routing, clock);
    LedgerProof proof = LedgerProof.start(database, clock);
    ModelShelf shelf =
        new ModelShelf(
            new ModelShelf.Parts(
                catalog,
                store,
                pulls,
                models,
                host,
                routing,
                new MachineSpeed(() -> vitals.now().running() == 0),
                options.load(),
                clock));
    return new MachineServices(
        pulls,
        vitals,
        proof,
        shelf,
        new Standing(
            options.home().path(),
            new Transactions(database),
            shelf,
            routing,
            vitals,
            proof,
            clock));
  }

  ModelShelf shelf() {
    return shelf;
  }

  Standing standing() {
    return standing;
  }

  @Override
  public void close() {
    pulls.close();
    vitals.close();
    proof.close();
  }
}
