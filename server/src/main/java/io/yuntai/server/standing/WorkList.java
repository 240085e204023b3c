package io.yuntai.server.standing;

import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.OpenMatters;
import io.yuntai.ledger.verify.OpenMatters.NearBudget;
import io.yuntai.server.standing.WorkItem.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What needs a person, from what was seen. */
public final class WorkList {
  private static final long DISK_FULL_BYTES = 1L << 30;
  private static final long DISK_LOW_BYTES = 5L << 30;
  private static final Duration BACKUP_AGE = Duration.ofDays(7);
  private static final Duration PROOF_AGE = Duration.ofHours(6);
  private static final Duration RESTART_TOLD = Duration.ofHours(1);
  private static final int LONG_QUEUE = 16;
  private static final int BREAKER_OPEN = 2;

  private WorkList() {}

  /** All of the server's, what is most urgent first, of that the newest. */
  public static List<WorkItem> of(Observations seen) {
    List<WorkItem> items = new ArrayList<>();
    database(seen, items);
    ledger(seen, items);
    items.addAll(ofTenants(seen.matters()));
    for (Observations.FailedModel model : seen.models()) {
      items.add(
          new WorkItem(model.kind(), model.since(), "", List.of(model.name()), model.problem()));
    }
    seen.targets().stream()
        .filter(target -> target.breaker() == BREAKER_OPEN || !target.healthy())
        .forEach(target ->
            items.add(
                new WorkItem(Kind.TARGET_OPEN, seen.now(), "", List.of(target.target()), "")));
    disk(seen, items);
    if (seen.waiting() >= LONG_QUEUE) {
      items.add(
          new WorkItem(
              Kind.QUEUE_LONG, seen.now(), "", List.of(Integer.toString(seen.waiting())), ""));
    }
    backup(seen, items);
    items.sort(ORDER);
    return List.copyOf(items);
  }

  private static final Comparator<WorkItem> ORDER =
      Comparator.comparing((WorkItem item) -> item.kind().urgency())
          .thenComparing(WorkItem::since, Comparator.reverseOrder())
          .thenComparing(WorkItem::kind)
          .thenComparing(item -> String.join(" ", item.facts()));

  /** What of the ledger's open matters needs a tenant, and the operator too. */
  public static List<WorkItem> ofTenants(OpenMatters matters) {
    List<WorkItem> items = new ArrayList<>();
    for (OpenMatters.Matter one : matters.quarantined()) {
      items.add(matter(Kind.QUARANTINED, one));
    }
    for (OpenMatters.Matter one : matters.differences()) {
      items.add(matter(Kind.DIFFERENCES, one));
    }
    for (OpenMatters.Matter one : matters.undelivered()) {
      items.add(matter(Kind.ALERTS_UNDELIVERED, one));
    }
    for (NearBudget budget : matters.nearBudgets()) {
      items.add(budget(budget));
    }
    items.sort(ORDER);
    return List.copyOf(items);
  }

  private static WorkItem matter(Kind kind, OpenMatters.Matter one) {
    return new WorkItem(
        kind,
        one.since(),
        one.tenant(),
        List.of(one.what(), Long.toString(one.count())),
        one.detail());
  }

  private static WorkItem budget(NearBudget budget) {
    boolean usedUp = budget.used() >= budget.amount() && budget.hard();
    String percent = String.format(Locale.ROOT, "%.0f", Math.floor(budget.percent()));
    if (budget.budget() == 0) {
      return new WorkItem(
          usedUp ? Kind.CREDIT_USED_UP : Kind.CREDIT_NEAR,
          budget.since(),
          budget.tenant(),
          List.of(Long.toString(budget.amount()), percent, budget.currency()),
          "");
    }
    return new WorkItem(
        usedUp ? Kind.BUDGET_USED_UP : Kind.BUDGET_NEAR,
        budget.since(),
        budget.tenant(),
        List.of(
            budget.of().isEmpty() ? budget.tenant() : budget.of(),
            Long.toString(budget.amount()),
            budget.period(),
            percent,
            budget.unit(),
            budget.currency()),
        "");
  }

  private static void database(Observations seen, List<WorkItem> items) {
    if (!seen.database().answers()) {
      items.add(
          new WorkItem(
              Kind.DATABASE_AWAY,
              seen.database().since(),
              "",
              List.of(),
              seen.database().problem()));
      return;
    }
    Instant since = seen.database().since();
    if (since.isAfter(seen.started().plus(Duration.ofMinutes(1)))
        && since.isAfter(seen.now().minus(RESTART_TOLD))) {
      items.add(new WorkItem(Kind.DATABASE_RESTARTED, since, "", List.of(), ""));
    }
  }

  private static void ledger(Observations seen, List<WorkItem> items) {
    if (seen.proof().isEmpty()) {
      return;
    }
    LedgerProof.Proof proof = seen.proof().get();
    for (CheckResult check : proof.checks()) {
      if (!check.holds()) {
        items.add(
            new WorkItem(
                Kind.LEDGER_BROKEN,
                proof.at(),
                "",
                List.of(check.name(), Long.toString(check.bad())),
                check.rule() + " " + check.firstBad()));
      }
    }
    if (!proof.problem().isEmpty() && proof.at().isBefore(seen.now().minus(PROOF_AGE))) {
      items.add(new WorkItem(Kind.LEDGER_UNVERIFIED, proof.at(), "", List.of(), proof.problem()));
    }
  }

  private static void disk(Observations seen, List<WorkItem> items) {
    long free = seen.diskFreeBytes();
    if (free >= 0 && free < DISK_LOW_BYTES) {
      items.add(
          new WorkItem(
              free < DISK_FULL_BYTES ? Kind.DISK_FULL : Kind.DISK_LOW,
              seen.now(),
              "",
              List.of(Long.toString(free)),
              ""));
    }
  }

  /** A server that has hardly been used has nothing that would be missed. */
  private static void backup(Observations seen, List<WorkItem> items) {
    Instant old = seen.now().minus(BACKUP_AGE);
    if (seen.used().isEmpty() || seen.used().get().isAfter(old)) {
      return;
    }
    if (seen.lastBackup().isEmpty()) {
      items.add(new WorkItem(Kind.BACKUP_NONE, seen.used().get(), "", List.of(), ""));
    } else if (seen.lastBackup().get().isBefore(old)) {
      items.add(new WorkItem(Kind.BACKUP_OLD, seen.lastBackup().get(), "", List.of(), ""));
    }
  }
}
