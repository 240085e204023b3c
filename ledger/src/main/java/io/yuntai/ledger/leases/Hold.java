package io.yuntai.ledger.leases;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.prices.MeteredTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of its counters. It lies in pieces of leases: usually one for each
 * counter, more where a lease ran out under way.
 */
public final class Hold {
  private final List<PlannedCounter> planned;
  private final Need need;
  final CounterLeases[] counters;
  private final long[] amounts;
  private Lease[] pieces;
  private long[] pieceAmounts;
  private int size;
  private long outputTokens;
  private boolean open = true;

  Hold(List<PlannedCounter> planned, Need need, CounterLeases[] counters) {
    this.planned = planned;
    this.need = need;
    this.counters = counters;
    this.amounts = new long[counters.length];
    this.pieces = new Lease[counters.length];
    this.pieceAmounts = new long[counters.length];
  }

  /** How many tokens may be generated with what is held. */
  public long outputTokens() {
    return outputTokens;
  }

  /**
   * For how many tokens of output as much is held as was spent, or more: fewer than were generated
   * where the prompt was held for a longer one.
   */
  public long outputTokensFor(Spent spent) {
    long enough = 0;
    long step = Long.highestOneBit(MeteredTokens.MAX_COUNT);
    if (holds(spent, 0)) {
      return 0;
    }
    for (; step > 0; step /= 2) {
      if (enough + step <= MeteredTokens.MAX_COUNT && !holds(spent, enough + step)) {
        enough += step;
      }
    }
    return enough + 1;
  }

  private boolean holds(Spent spent, long tokens) {
    for (int i = 0; i < counters.length; i++) {
      if (need.amount(unit(i), tokens) < spent.amount(unit(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether it was neither captured nor released. */
  public boolean isOpen() {
    return open;
  }

  List<PlannedCounter> planned() {
    return planned;
  }

  Unit unit(int counter) {
    return planned.get(counter).unit();
  }

  Need need() {
    return need;
  }

  /** What it lacks of a counter to go on to so many tokens. */
  long lacking(int counter, long tokens) {
    return Math.max(0, need.amount(unit(counter), tokens) - amounts[counter]);
  }

  /**
   * What it could use of a counter beside what is free: what lies in leases that it holds alone.
   */
  long held(int counter) {
    return amounts[counter];
  }

  /**
   * Takes what is lacking; the caller has seen that it is free. False, and nothing is changed,
   * where it would lie in too many pieces.
   */
  boolean take(long tokens, long now) {
    int most = size;
    for (int i = 0; i < counters.length; i++) {
      if (lacking(i, tokens) > 0) {
        most += counters[i].leases.size();
      }
    }
    if (most > UsageRecord.MAX_DRAWS && !fitsWhole(tokens, now)) {
      return false;
    }
    for (int i = 0; i < counters.length; i++) {
      long lacking = lacking(i, tokens);
      if (lacking > 0) {
        place(i, lacking, now);
        amounts[i] += lacking;
        counters[i].taken(lacking, now);
      }
    }
    outputTokens = tokens;
    return true;
  }

  /** Whether each counter's part can be put into one lease. */
  private boolean fitsWhole(long tokens, long now) {
    int more = size;
    for (int i = 0; i < counters.length; i++) {
      long lacking = lacking(i, tokens);
      if (lacking > 0) {
        if (roomIn(i, lacking, now) == null && roomFor(i, amounts[i] + lacking, now) == null) {
          return false;
        }
        more++;
      }
    }
    return more <= UsageRecord.MAX_DRAWS;
  }

  private @Nullable Lease roomIn(int counter, long amount, long now) {
    for (int p = 0; p < size; p++) {
      if (pieces[p].counter == counters[counter] && pieces[p].free(now) >= amount) {
        return pieces[p];
      }
    }
    return null;
  }

  private @Nullable Lease roomFor(int counter, long amount, long now) {
    for (Lease lease : counters[counter].leases) {
      if (lease.free(now) >= amount) {
        return lease;
      }
    }
    return null;
  }

  private void place(int counter, long amount, long now) {
    Lease same = roomIn(counter, amount, now);
    if (same != null) {
      add(same, amount, now);
      return;
    }
    Lease whole = roomFor(counter, amounts[counter] + amount, now);
    if (whole != null) {
      leave(counter);
      add(whole, amounts[counter] + amount, now);
      return;
    }
    long rest = amount;
    for (Lease lease : counters[counter].leases) {
      long part = Math.min(rest, lease.free(now));
      if (part > 0) {
        add(lease, part, now);
        rest -= part;
      }
    }
    if (rest > 0) {
      throw new IllegalStateException("counter " + counters[counter].id + " lacks " + rest);
    }
  }

  private void add(Lease lease, long amount, long now) {
    lease.take(amount, now);
    for (int p = 0; p < size; p++) {
      if (pieces[p] == lease) {
        pieceAmounts[p] += amount;
        return;
      }
    }
    if (size == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * size);
      pieceAmounts = Arrays.copyOf(pieceAmounts, 2 * size);
    }
    pieces[size] = lease;
    pieceAmounts[size] = amount;
    size++;
  }

  /** Gives back the pieces of a counter, to be taken from another lease at once. */
  private void leave(int counter) {
    int kept = 0;
    for (int p = 0; p < size; p++) {
      if (pieces[p].counter == counters[counter]) {
        pieces[p].held -= pieceAmounts[p];
      } else {
        pieces[kept] = pieces[p];
        pieceAmounts[kept] = pieceAmounts[p];
        kept++;
      }
    }
    size = kept;
  }

  /** Of what was spent, as much as it holds of every counter of a unit. */
  public Spent atMost(Spent spent) {
    long nano = spent.nano();
    long tokens = spent.tokens();
    for (int i = 0; i < counters.length; i++) {
      switch (unit(i)) {
        case MONEY -> nano = Math.min(nano, amounts[i]);
        case TOKENS -> tokens = Math.min(tokens, amounts[i]);
        case REQUESTS, PARALLEL -> {}
      }
    }
    return new Spent(nano, tokens, spent.requests());
  }

  /** What it would draw if it ended now. */
  public List<Draw> draws(Spent spent) {
    List<Draw> draws = new ArrayList<>(size);
    for (int i = 0; i < counters.length; i++) {
      long rest = spent.amount(unit(i));
      if (rest > amounts[i]) {
        throw new IllegalArgumentException(
            "a request that holds %d of counter %d can't spend %d"
                .formatted(amounts[i], counters[i].id, rest));
      }
      for (int p = 0; p < size && rest > 0; p++) {
        if (pieces[p].counter == counters[i]) {
          long part = Math.min(rest, pieceAmounts[p]);
          draws.add(new Draw(pieces[p].id, counters[i].id, part));
          rest -= part;
        }
      }
    }
    return draws;
  }

  /** Ends it: takes what was spent for good, gives back the rest. */
  List<Draw> end(Spent spent) {
    if (!open) {
      throw new IllegalStateException("this hold has ended");
    }
    List<Draw> draws = draws(spent);
    open = false;
    for (int p = 0; p < size; p++) {
      pieces[p].held -= pieceAmounts[p];
    }
    for (Draw draw : draws) {
      for (int p = 0; p < size; p++) {
        if (pieces[p].id == draw.leaseId()) {
          pieces[p].captured += draw.amount();
          break;
        }
      }
    }
    return draws;
  }
}
