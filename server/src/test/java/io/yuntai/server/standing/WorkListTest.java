package io.yuntai.server.standing;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.OpenMatters;
import io.yuntai.ledger.verify.OpenMatters.Matter;
import io.yuntai.ledger.verify.OpenMatters.NearBudget;
import io.yuntai.server.standing.Observations.DatabaseState;
import io.yuntai.server.standing.Observations.FailedModel;
import io.yuntai.server.standing.WorkItem.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkListTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant STARTED = NOW.minus(Duration.ofDays(30));
  private static final OpenMatters NO_MATTERS =
      new OpenMatters(List.of(), List.of(), List.of(), List.of());
  private static final long ROOM = 100L << 30;

  private static Observations seen(
      DatabaseState database, OpenMatters matters, List<FailedModel> models, long disk) {
    return new Observations(
        NOW,
        STARTED,
        Optional.of(STARTED),
        database,
        Optional.of(proof(0)),
        matters,
        models,
        List.of(),
        disk,
        0,
        Optional.of(NOW.minus(Duration.ofDays(1))));
  }

  private static LedgerProof.Proof proof(long bad) {
    return new LedgerProof.Proof(
        NOW,
        Duration.ofMillis(5),
        List.of(new CheckResult("a-rule", "It holds.", 9, bad, bad == 0 ? "" : "row 3")),
        0,
        0,
        "");
  }

  private static final DatabaseState WELL = new DatabaseState(true, STARTED, "");

  private static NearBudget budget(long id, boolean hard, long used) {
    return new NearBudget(
        "acme", id, "key", "k1", "money", "day", hard, "CNY", 100, used, NOW, null);
  }

  @Test
  void nothingNeedsAnybodyWhereAllIsWell() {
    assertThat(WorkList.of(seen(WELL, NO_MATTERS, List.of(), ROOM))).isEmpty();
  }

  @Test
  void whatIsWrongComesBeforeWhatWillBe() {
    OpenMatters matters =
        new OpenMatters(
            List.of(),
            List.of(new Matter("acme", "usage-and-receipts", 2, NOW, "request x: 5 / 4")),
            List.of(budget(7, true, 85), budget(8, true, 100), budget(0, true, 90)),
            List.of(new Matter("acme", "webhook https://a.example", 3, NOW, "HTTP 500")));
    FailedModel failed = new FailedModel(Kind.MODEL_FAILED, "m", NOW, "It is damaged.");
    List<WorkItem> work = WorkList.of(seen(WELL, matters, List.of(failed), 3L << 30));
    assertThat(work)
        .extracting(WorkItem::kind)
        .containsExactly(
            Kind.DIFFERENCES,
            Kind.MODEL_FAILED,
            Kind.BUDGET_USED_UP,
            Kind.BUDGET_NEAR,
            Kind.CREDIT_NEAR,
            Kind.ALERTS_UNDELIVERED,
            Kind.DISK_LOW);
    assertThat(work.get(2).facts()).containsExactly("k1", "100", "day", "100", "money", "CNY");
    assertThat(work.get(1).detail()).isEqualTo("It is damaged.");
  }

  @Test
  void aSoftBudgetThatIsUsedUpRefusesNobody() {
    OpenMatters matters =
        new OpenMatters(List.of(), List.of(), List.of(budget(7, false, 130)), List.of());
    assertThat(WorkList.ofTenants(matters))
        .extracting(WorkItem::kind)
        .containsExactly(Kind.BUDGET_NEAR);
  }

  @Test
  void aDatabaseThatIsAwayIsTheFirstThing() {
    DatabaseState away = new DatabaseState(false, NOW.minusSeconds(9), "refused");
    assertThat(WorkList.of(seen(away, NO_MATTERS, List.of(), ROOM)))
        .singleElement()
        .satisfies(item -> {
          assertThat(item.kind()).isEqualTo(Kind.DATABASE_AWAY);
          assertThat(item.since()).isEqualTo(NOW.minusSeconds(9));
        });
    DatabaseState again = new DatabaseState(true, NOW.minusSeconds(60), "");
    assertThat(WorkList.of(seen(again, NO_MATTERS, List.of(), ROOM)))
        .extracting(WorkItem::kind)
        .containsExactly(Kind.DATABASE_RESTARTED);
  }

  @Test
  void aRuleThatDoesNotHoldIsNamed() {
    Observations well = seen(WELL, NO_MATTERS, List.of(), ROOM);
    Observations broken =
        new Observations(
            NOW,
            STARTED,
            Optional.of(STARTED),
            WELL,
            Optional.of(proof(2)),
            NO_MATTERS,
            well.models(),
            well.targets(),
            ROOM,
            0,
            Optional.empty());
    assertThat(WorkList.of(broken))
        .extracting(WorkItem::kind)
        .containsExactly(Kind.LEDGER_BROKEN, Kind.BACKUP_NONE);
    assertThat(WorkList.of(broken).getFirst().detail()).isEqualTo("It holds. row 3");
  }
}
