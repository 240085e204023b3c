package io.yuntai.ledger.leases;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
  private static final long SECOND = 1_000_000_000;
  private static final PlannedCounter TOKENS =
      new PlannedCounter(1, Unit.TOKENS, Instant.MAX, "tokens");
  private static final PlannedCounter REQUESTS =
      new PlannedCounter(2, Unit.REQUESTS, Instant.MAX, "requests");
  private static final Need NEED = (unit, output) -> unit == Unit.TOKENS ? 10 + output : 1;

  private final LeaseBook book = new LeaseBook(LeaseSettings.ALONE);
  private long leases;

  private Admission admit(long wanted, long least, long now) {
    return book.admit(List.of(TOKENS, REQUESTS), NEED, wanted, least, now);
  }

  private LeaseWork.Asking asking(long now) {
    return Objects.requireNonNull(book.asks(now));
  }

  private Grant grant(long counter, long amount) {
    return new Grant(++leases, counter, amount, Duration.ofSeconds(30), 1_000_000, 500);
  }

  private Hold held(Admission admission) {
    return ((Outcome.Held) Objects.requireNonNull(admission.outcome())).hold();
  }

  private Admission letIn(long tokens, long requests) {
    Admission first = admit(90, 10, 0);
    assertThat(first.outcome()).isNull();
    book.granted(asking(0), List.of(grant(1, tokens), grant(2, requests)), 1);
    return first;
  }

  @Test
  void asksOnceForAllCountersAndThenDecidesInMemory() {
    Hold hold = held(letIn(1000, 10));
    assertThat(hold.outputTokens()).isEqualTo(90);
    assertThat(admit(90, 10, 2).outcome()).isInstanceOf(Outcome.Held.class);
    List<Draw> draws = book.end(hold, new Spent(0, 30, 1), 3);
    assertThat(draws).containsExactlyInAnyOrder(new Draw(1, 1, 30), new Draw(2, 2, 1));
  }

  @Test
  void tellsWhatIsLeftOfCountersThatNobodyElseDrawsFrom() {
    Hold hold = held(letIn(1000, 10));
    assertThat(book.standings(hold.planned()))
        .extracting(Standing::remaining)
        .containsExactly(1500L - 100, 510L - 1);
    book.settled(book.end(hold, new Spent(0, 30, 1), 3));
    assertThat(book.standings(hold.planned()))
        .extracting(Standing::remaining)
        .containsExactly(1500L - 30, 510L - 1);
    Hold other = held(admit(90, 10, 4));
    book.upkeep().recalled(List.of(1L, 2L));
    LeaseWork.Shrinking less = Objects.requireNonNull(book.upkeep().shrinkings());
    book.upkeep().shrunk(less);
    assertThat(book.standings(hold.planned()))
        .extracting(Standing::remaining)
        .containsExactly(1500L - 30 - 100, 510L - 2);
    book.settled(book.end(other, new Spent(0, 90, 1), 5));
    assertThat(book.standings(hold.planned()))
        .allSatisfy(standing -> assertThat(standing.limit()).isEqualTo(1_000_000));
  }

  @Test
  void takesAllCountersOrNone() {
    Admission first = admit(90, 10, 0);
    book.granted(asking(0), List.of(grant(1, 1000)), 1);
    // The requests were asked for in whole; now for the least.
    book.granted(asking(1), List.of(), 2);
    book.tick(2 + LeaseSettings.ALONE.holdWait().toNanos());
    assertThat(first.outcome()).isEqualTo(new Outcome.Refused(REQUESTS));
    assertThat(book.upkeep().view()).allSatisfy(view -> assertThat(view.held()).isZero());
  }

  @Test
  void goesOnWithLessWhereTheLeastIsThere() {
    Hold hold = held(letIn(40, 10));
    assertThat(hold.outputTokens()).isEqualTo(30);
  }

  @Test
  void nobodyIsLetInByALeaseThatIsOver() {
    Hold hold = held(letIn(1000, 10));
    book.end(hold, new Spent(0, 10, 1), 2);
    assertThat(admit(90, 10, 29 * SECOND).outcome()).isInstanceOf(Outcome.Held.class);
    // A thousandth earlier than the bank says, for clocks that go wrong by as much.
    assertThat(admit(90, 10, 30 * SECOND - SECOND / 50).outcome()).isNull();
  }

  @Test
  void aBankThatDoesNotAnswerIsNoRefusal() {
    Admission first = admit(90, 10, 0);
    book.grantFailed(asking(0), false, 1);
    long now = 1;
    while (first.outcome() == null && now < 60 * SECOND) {
      now += SECOND / 10;
      book.tick(now);
      LeaseWork.Asking again = book.asks(now);
      if (again != null) {
        book.grantFailed(again, false, now);
      }
    }
    assertThat(first.outcome()).isEqualTo(new Outcome.Unavailable(false));
    assertThat(now).isLessThanOrEqualTo(LeaseSettings.ALONE.outageWait().toNanos() + SECOND);
  }

  @Test
  void aGatewayThatWasReplacedLetsNobodyIn() {
    Hold hold = held(letIn(1000, 10));
    book.fence(2);
    assertThat(admit(90, 10, 3).outcome()).isEqualTo(new Outcome.Unavailable(true));
    // Who is in may end, and is charged.
    assertThat(book.end(hold, new Spent(0, 30, 1), 4)).hasSize(2);
  }

  @Test
  void whoLeavesWhileWaitingHoldsNothing() {
    Admission first = admit(90, 10, 0);
    book.withdraw(first, 1);
    book.granted(asking(1), List.of(grant(1, 1000), grant(2, 10)), 2);
    assertThat(first.outcome()).isNull();
    assertThat(book.waiting()).isZero();
    assertThat(book.upkeep().view()).allSatisfy(view -> assertThat(view.held()).isZero());
  }

  @Test
  void anIdleLeaseGoesBackWhenItIsSettled() {
    Hold hold = held(letIn(1000, 10));
    List<Draw> draws = book.end(hold, new Spent(0, 30, 1), 2);
    long idle = 2 + LeaseSettings.ALONE.idleAfter().toNanos();
    assertThat(book.upkeep().releases(idle)).isNull();
    book.settled(draws);
    LeaseWork.Releasing back = Objects.requireNonNull(book.upkeep().releases(idle));
    assertThat(back.leaseIds()).containsExactlyInAnyOrder(1L, 2L);
    book.upkeep().released(back);
    assertThat(book.upkeep().size()).isZero();
  }

  @Test
  void whatWasSetAsideForOutagesIsKeptWhileIdleAndRenewedForLong() {
    Admission first = admit(90, 10, 0);
    Duration hour = LeaseSettings.SET_ASIDE;
    book.granted(
        asking(0),
        List.of(new Grant(1, 1, 1000, hour, 2000, 0), new Grant(2, 2, 10, hour, 20, 0)),
        1);
    Hold hold = held(first);
    book.settled(book.end(hold, new Spent(0, 30, 1), 2));
    assertThat(book.upkeep().releases(20 * 60 * SECOND)).isNull();
    assertThat(admit(90, 10, 40 * 60 * SECOND).outcome()).isInstanceOf(Outcome.Held.class);
    LeaseWork.Renewing renewing = Objects.requireNonNull(book.upkeep().renewals(40 * 60 * SECOND));
    assertThat(renewing.validFor()).isEqualTo(hour);
    book.upkeep().renewed(renewing, renewing.leaseIds());
    assertThat(admit(90, 10, 90 * 60 * SECOND).outcome()).isInstanceOf(Outcome.Held.class);
  }
}
