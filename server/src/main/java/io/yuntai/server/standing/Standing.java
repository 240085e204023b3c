package io.yuntai.server.standing;

import io.yuntai.ledger.backup.BackupMark;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.verify.DatabaseLife;
import io.yuntai.ledger.verify.OpenMatters;
import io.yuntai.server.gateway.Routing;
import io.yuntai.server.shelf.ModelShelf;
import io.yuntai.server.shelf.ShelfModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Looks at a server and tells what of it needs a person. Safe for use by many threads. */
public final class Standing {
  private static final long EVERYBODY = 0;
  private static final Duration KEPT = Duration.ofSeconds(2);
  private static final int MOST_KEPT = 1_000;

  private final Path home;
  private final Transactions database;
  private final ModelShelf shelf;
  private final Routing routing;
  private final Vitals vitals;
  private final LedgerProof proof;
  private final InstantSource clock;
  private final Instant started;
  private volatile Instant databaseAwaySince = Instant.MAX;
  private final Map<Long, Known> known = new ConcurrentHashMap<>();

  private record Known(Instant at, List<WorkItem> work) {}

  /**
   * @param home where backups are marked, and whose disk counts
   */
  public Standing(
      Path home,
      Transactions database,
      ModelShelf shelf,
      Routing routing,
      Vitals vitals,
      LedgerProof proof,
      InstantSource clock) {
    this.home = home;
    this.database = database;
    this.shelf = shelf;
    this.routing = routing;
    this.vitals = vitals;
    this.proof = proof;
    this.clock = clock;
    this.started = clock.instant();
  }

  /** What the engines do. */
  public Vitals vitals() {
    return vitals;
  }

  /** Whether the books are right. */
  public LedgerProof proof() {
    return proof;
  }

  /** Since when the server runs. */
  public Instant started() {
    return started;
  }

  /** What needs whoever runs this server. */
  public List<WorkItem> work() {
    return recent(EVERYBODY, () -> WorkList.of(observe()));
  }

  /** Many who look at once cost as much as one. */
  private List<WorkItem> recent(long orgId, Supplier<List<WorkItem>> look) {
    Instant now = clock.instant();
    Known before = known.get(orgId);
    if (before != null && before.at().plus(KEPT).isAfter(now)) {
      return before.work();
    }
    if (known.size() >= MOST_KEPT) {
      known.clear();
    }
    List<WorkItem> work = look.get();
    known.put(orgId, new Known(now, work));
    return work;
  }

  /** What needs a tenant. */
  public List<WorkItem> work(long orgId) {
    return recent(orgId, () -> WorkList.ofTenants(OpenMatters.read(database, orgId)));
  }

  private Observations observe() {
    Instant now = clock.instant();
    Observations.DatabaseState state;
    OpenMatters matters;
    Optional<Instant> used;
    try {
      DatabaseLife life = DatabaseLife.read(database);
      matters = OpenMatters.read(database, EVERYBODY);
      used = life.used();
      databaseAwaySince = Instant.MAX;
      state = new Observations.DatabaseState(true, life.started(), "");
    } catch (DatabaseException e) {
      if (databaseAwaySince.equals(Instant.MAX)) {
        databaseAwaySince = now;
      }
      matters = new OpenMatters(List.of(), List.of(), List.of(), List.of());
      used = Optional.empty();
      state =
          new Observations.DatabaseState(false, databaseAwaySince, String.valueOf(e.getMessage()));
    }
    return new Observations(
        now,
        started,
        used,
        state,
        proof.last(),
        matters,
        failedModels(),
        routing.statistics(),
        diskFree(),
        vitals.now().waiting(),
        BackupMark.read(home));
  }

  private List<Observations.FailedModel> failedModels() {
    List<Observations.FailedModel> failed = new ArrayList<>();
    for (ShelfModel model : shelf.list()) {
      WorkItem.Kind kind =
          switch (model.state()) {
            case BROKEN -> WorkItem.Kind.MODEL_BROKEN;
            case LOAD_FAILED -> WorkItem.Kind.MODEL_FAILED;
            case PULL_FAILED -> WorkItem.Kind.PULL_FAILED;
            case AVAILABLE, PULLING, PULLED, LOADING, SERVED, ROUTED, UNSUPPORTED -> null;
          };
      if (kind != null) {
        failed.add(
            new Observations.FailedModel(
                kind, model.name(), model.since().orElse(clock.instant()), model.problem()));
      }
    }
    return failed;
  }

  private long diskFree() {
    try {
      return Files.getFileStore(home).getUsableSpace();
    } catch (IOException e) {
      return -1;
    }
  }
}
