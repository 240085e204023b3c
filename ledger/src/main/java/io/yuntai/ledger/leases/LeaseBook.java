package io.yuntai.ledger.leases;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.Admission.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides over requests by the leases that this gateway has, and says which more it needs.
 *
 * <p>A request that fits is decided within the call. One that does not waits for a round of asking
 * that begins after it came: first for all that it would like, then for what it can't do without.
 * Where the bank has nothing more, it waits for leases that others give back and for requests of
 * this gateway that hold more than they will use, each for a bounded time, before it is refused.
 *
 * <p>Not safe for use by several threads at once. All times are of one monotonic clock.
 */
public final class LeaseBook {
  private final LeaseSettings settings;
  private final LeaseUpkeep upkeep;
  private final Map<Long, CounterLeases> counters = new HashMap<>();
  private final Map<Long, Lease> leases = new HashMap<>();
  private final Set<CounterLeases> wanting = new LinkedHashSet<>();
  private final List<Admission> waiting = new ArrayList<>();
  private long rounds;
  private boolean asking;
  private long askedNanos;
  private boolean fenced;

  /**
   * @param settings bounds
   */
  public LeaseBook(LeaseSettings settings) {
    this.settings = settings;
    this.upkeep = new LeaseUpkeep(settings, leases, this::forget);
  }

  /**
   * A request wants to be let in.
   *
   * @param planned all of which must have room; none twice
   * @param need what it takes of them
   * @param wantedTokens how many tokens of output it would like to be sure of
   * @param leastTokens with how many it would begin, at most {@code wantedTokens}
   * @param now the monotonic time
   */
  public Admission admit(
      List<PlannedCounter> planned, Need need, long wantedTokens, long leastTokens, long now) {
    CounterLeases[] of = new CounterLeases[planned.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = counter(planned.get(i).counterId(), now);
      for (int before = 0; before < i; before++) {
        if (of[before] == of[i]) {
          throw new IllegalArgumentException("counter " + of[i].id + " is planned twice");
        }
      }
    }
    Hold hold = new Hold(planned, need, of);
    return begin(new Admission(hold, false, wantedTokens, leastTokens, now), now);
  }

  /**
   * A request wants to go on to so many tokens in all. Where that is too much, it gets as many as
   * there are, but one at least.
   */
  public Admission extend(Hold hold, long wantedTokens, long now) {
    return begin(
        new Admission(hold, true, wantedTokens, Math.addExact(hold.outputTokens(), 1), now), now);
  }

  private Admission begin(Admission admission, long now) {
    admission.askedAfterRound = rounds;
    for (CounterLeases counter : admission.hold.counters) {
      counter.waiting++;
    }
    if (decided(admission, now)) {
      leave(admission);
    } else {
      waiting.add(admission);
    }
    return admission;
  }

  /** Whoever asked has left; it is as if it had not come. */
  public void withdraw(Admission admission, long now) {
    if (waiting.remove(admission)) {
      leave(admission);
    }
    if (!admission.extension && admission.outcome() instanceof Outcome.Held(Hold hold)) {
      end(hold, Spent.NOTHING, now);
    }
  }

  private void leave(Admission admission) {
    for (CounterLeases counter : admission.hold.counters) {
      counter.waiting--;
    }
  }

  /**
   * A request has ended.
   *
   * @param spent what it used, at most what it holds; the rest is free again
   * @return what it took of which lease, to be settled and then told to {@link #settled}
   */
  public List<Draw> end(Hold hold, Spent spent, long now) {
    List<Draw> draws = hold.end(spent);
    reconsider(now);
    return draws;
  }

  /** The bank has recorded these draws, or keeps them aside: they are off this gateway's hands. */
  public void settled(List<Draw> draws) {
    for (Draw draw : draws) {
      Lease lease = leases.get(draw.leaseId());
      if (lease != null) {
        lease.settled += draw.amount();
      }
    }
  }

  /** How counters stand that requests draw from; without those that the bank told nothing of. */
  public List<Standing> standings(List<PlannedCounter> planned) {
    List<Standing> standings = new ArrayList<>(planned.size());
    for (PlannedCounter one : planned) {
      CounterLeases counter = counters.get(one.counterId());
      if (counter != null && counter.limit >= 0) {
        standings.add(new Standing(one, counter.limit, Math.max(0, counter.remaining())));
      }
    }
    return standings;
  }

  // What the bank is asked.

  /** What is to be asked for now; null when nothing is, or while an answer is still to come. */
  public LeaseWork.@Nullable Asking asks(long now) {
    if (asking || fenced || wanting.isEmpty()) {
      return null;
    }
    List<Ask> asks = new ArrayList<>();
    for (Iterator<CounterLeases> all = wanting.iterator();
        all.hasNext() && asks.size() < Bank.MAX_ASKS; ) {
      CounterLeases counter = all.next();
      long wanted = Math.max(counter.askWanted, counter.demand(now));
      asks.add(new Ask(counter.id, wanted, counter.askLeast, counter.askNeeded));
      counter.askWanted = 0;
      counter.askLeast = 0;
      counter.askNeeded = 0;
      all.remove();
    }
    asking = true;
    askedNanos = now;
    rounds++;
    return new LeaseWork.Asking(rounds, now, asks);
  }

  /** The bank has answered; what is not among the grants was not to be had. */
  public void granted(LeaseWork.Asking work, Collection<Grant> grants, long now) {
    asking = false;
    Map<Long, Long> given = new HashMap<>();
    for (Grant grant : grants) {
      long validNanos = grant.validFor().toNanos();
      // The monotonic clock may be slower than the bank's by a thousandth.
      long deadline = work.askedNanos() + validNanos - validNanos / 1000;
      CounterLeases counter = counter(grant.counterId(), now);
      Lease lease = new Lease(grant.leaseId(), counter, grant.granted(), deadline, now);
      leases.put(lease.id, lease);
      counter.granted(lease, grant);
      given.put(counter.id, grant.granted());
    }
    for (Ask ask : work.asks()) {
      CounterLeases counter = counter(ask.counterId(), now);
      counter.roundDone = work.round();
      counter.unanswered = false;
      if (given.getOrDefault(counter.id, 0L) < ask.needed()) {
        counter.shortRound = work.round();
      }
      if (!given.containsKey(counter.id)) {
        counter.hasLessThan(ask.least());
        counter.refused(now, settings.validity().toNanos() / 2);
      }
    }
    reconsider(now);
  }

  /**
   * The bank did not answer; what it may have granted goes back when it expires.
   *
   * @param replaced whether it said that this gateway was replaced: then nobody is let in any more
   */
  public void grantFailed(LeaseWork.Asking work, boolean replaced, long now) {
    asking = false;
    fenced |= replaced;
    for (Ask ask : work.asks()) {
      CounterLeases counter = counter(ask.counterId(), now);
      counter.roundDone = work.round();
      counter.unanswered = true;
      counter.refused(now, settings.retryAfter().toNanos());
    }
    reconsider(now);
  }

  /** This gateway was replaced: nobody is let in any more. */
  public void fence(long now) {
    fenced = true;
    reconsider(now);
  }

  /** Time has gone by: those who have waited long enough are decided. */
  public void tick(long now) {
    reconsider(now);
  }

  /** Keeping, giving back and shrinking what is there. */
  public LeaseUpkeep upkeep() {
    return upkeep;
  }

  /** How many requests wait to be decided. */
  public int waiting() {
    return waiting.size();
  }

  // Deciding.

  private void reconsider(long now) {
    if (waiting.isEmpty()) {
      return;
    }
    waiting.removeIf(admission -> {
      boolean done = decided(admission, now);
      if (done) {
        leave(admission);
      }
      return done;
    });
  }

  private boolean decided(Admission admission, long now) {
    if (fenced) {
      admission.decide(new Outcome.Unavailable(true));
      return true;
    }
    if (fits(admission, admission.wantedTokens, now)) {
      return take(admission, admission.wantedTokens, now);
    }
    while (admission.phase != Phase.NOTHING) {
      if (!answered(admission, now)) {
        return unanswered(admission, now);
      }
      admission.phase =
          admission.phase == Phase.ALL && !fits(admission, admission.leastTokens, now)
              ? Phase.LEAST
              : Phase.NOTHING;
      Arrays.fill(admission.rounds, 0);
      if (admission.phase == Phase.NOTHING) {
        admission.askAgainNanos = now + settings.retryAfter().toNanos();
        if (!admission.exhausted) {
          admission.exhausted = true;
          admission.exhaustedNanos = now;
        }
      }
    }
    return decidedOnEmptyBank(admission, now);
  }

  /** An answer is still to come: it is not waited for for ever. */
  private boolean unanswered(Admission admission, long now) {
    long outage = settings.outageWait().toNanos();
    boolean silent = asking && now - askedNanos >= outage;
    if (silent && now - admission.beganNanos >= outage) {
      admission.decide(new Outcome.Unavailable(false));
      return true;
    }
    return false;
  }

  /** The bank was asked since, and has nothing more to give at this moment. */
  private boolean decidedOnEmptyBank(Admission admission, long now) {
    long waited = now - admission.exhaustedNanos;
    boolean mayWait = waiting.size() < settings.maxWaiting();
    boolean others = mayWait && !admission.extension && waited < settings.holdWait().toNanos();
    if (fits(admission, admission.leastTokens, now)) {
      if (others && othersHold(admission, admission.wantedTokens, now)) {
        return stay(admission, now);
      }
      return take(admission, mostFitting(admission, now), now);
    }
    int lacking = lacking(admission, now);
    CounterLeases counter = admission.hold.counters[lacking];
    boolean unanswered = counter.unanswered;
    long patience = (unanswered ? settings.outageWait() : settings.recallWait()).toNanos();
    if (mayWait && waited < patience) {
      return stay(admission, now);
    }
    if (!unanswered && others && othersHold(admission, admission.leastTokens, now)) {
      return stay(admission, now);
    }
    if (!unanswered
        && mayWait
        && counter.shortRound <= admission.askedAfterRound
        && waited < settings.outageWait().toNanos()) {
      // Other requests took what this one had found; nobody knows that the bank has no more.
      admission.startAsking(rounds);
      answered(admission, now);
      return false;
    }
    admission.decide(
        unanswered
            ? new Outcome.Unavailable(false)
            : new Outcome.Refused(admission.hold.planned().get(lacking)));
    return true;
  }

  private boolean stay(Admission admission, long now) {
    if (now - admission.askAgainNanos >= 0) {
      admission.startAsking(rounds);
      answered(admission, now);
    }
    return false;
  }

  /** Whether every counter that is short has been asked in this phase; asks where it was not. */
  private boolean answered(Admission admission, long now) {
    boolean all = true;
    long tokens = admission.phase == Phase.ALL ? admission.wantedTokens : admission.leastTokens;
    for (int i = 0; i < admission.rounds.length; i++) {
      CounterLeases counter = admission.hold.counters[i];
      long free = counter.free(now);
      long missing = admission.hold.lacking(i, tokens) - free;
      if (admission.rounds[i] == 0 && missing > 0) {
        // The next round begins after now; one that is under way began before.
        admission.rounds[i] = rounds + 1;
        counter.want(
            Math.max(admission.hold.lacking(i, admission.wantedTokens) - free, missing), missing);
        wanting.add(counter);
      }
      all &= admission.rounds[i] <= counter.roundDone;
    }
    return all;
  }

  private boolean fits(Admission admission, long tokens, long now) {
    for (int i = 0; i < admission.rounds.length; i++) {
      if (admission.hold.lacking(i, tokens) > admission.hold.counters[i].free(now)) {
        return false;
      }
    }
    return true;
  }

  private int lacking(Admission admission, long now) {
    for (int i = 0; i < admission.rounds.length; i++) {
      long free = admission.hold.counters[i].free(now);
      if (admission.hold.lacking(i, admission.leastTokens) > free) {
        return i;
      }
    }
    throw new IllegalStateException("nothing is lacking");
  }

  /** Whether each counter that is short would have enough if other requests used nothing. */
  private boolean othersHold(Admission admission, long tokens, long now) {
    for (int i = 0; i < admission.rounds.length; i++) {
      CounterLeases counter = admission.hold.counters[i];
      long lacking = admission.hold.lacking(i, tokens);
      long free = counter.free(now);
      if (lacking > free) {
        Unit unit = admission.hold.unit(i);
        boolean ends = unit == Unit.MONEY || unit == Unit.TOKENS;
        long held = counter.held() - admission.hold.held(i);
        boolean enough = held > 0 && lacking <= Saturating.add(free, held);
        // Where the most is wanted but can't come back either, anything that comes back helps.
        if (!ends || (tokens == admission.leastTokens ? !enough : held == 0)) {
          return false;
        }
      }
    }
    return true;
  }

  private long mostFitting(Admission admission, long now) {
    long fits = admission.leastTokens;
    long exceeds = admission.wantedTokens;
    while (exceeds - fits > 1) {
      long middle = (fits + exceeds) >>> 1;
      if (fits(admission, middle, now)) {
        fits = middle;
      } else {
        exceeds = middle;
      }
    }
    return fits;
  }

  private boolean take(Admission admission, long tokens, long now) {
    if (!admission.hold.take(tokens, now)) {
      admission.decide(new Outcome.Refused(admission.hold.planned().getFirst()));
      return true;
    }
    for (CounterLeases counter : admission.hold.counters) {
      if (counter.wantsRefill(now)) {
        long wanted = Math.max(2, counter.demand(now));
        counter.want(wanted, Math.ceilDiv(wanted, 4));
        wanting.add(counter);
      }
    }
    admission.decide(new Outcome.Held(admission.hold));
    return true;
  }

  private CounterLeases counter(long id, long now) {
    return counters.computeIfAbsent(
        id, _ -> new CounterLeases(id, settings.validity().toNanos(), now));
  }

  /** A lease is gone; its counter too, when nothing else keeps it. */
  private void forget(Lease lease) {
    lease.counter.leases.remove(lease);
    leases.remove(lease.id);
    if (lease.counter.isIdle()) {
      counters.remove(lease.counter.id);
    }
  }
}
