package io.yuntai.ledger.leases;

import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.Draw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to the leases of a {@link LeaseBook}: those that requests draw from are kept alive, those
 * that nobody needs go back, and of those that others need all goes back that nobody holds. Used
 * under the same rule as its book.
 */
public final class LeaseUpkeep {
  private final LeaseSettings settings;
  private final Map<Long, Lease> leases;
  private final Consumer<Lease> forget;

  LeaseUpkeep(LeaseSettings settings, Map<Long, Lease> leases, Consumer<Lease> forget) {
    this.settings = settings;
    this.leases = leases;
    this.forget = forget;
  }

  /** Leases whose deadline comes near while requests draw from them; null for none. */
  public LeaseWork.@Nullable Renewing renewals(long now) {
    LeaseWork.Renewing setAside = renewals(now, true, LeaseSettings.SET_ASIDE);
    return setAside != null ? setAside : renewals(now, false, settings.validity());
  }

  private LeaseWork.@Nullable Renewing renewals(long now, boolean setAside, Duration validity) {
    List<Long> ids = new ArrayList<>();
    for (Lease lease : leases.values()) {
      boolean needed = !lease.settledUp() || (!lease.closing && !idle(lease, now));
      boolean near = lease.deadlineNanos - now < validity.toNanos() / 2;
      if (setAside == setAside(lease)
          && !lease.busy
          && !lease.gone
          && needed
          && near
          && ids.size() < Bank.MAX_ASKS) {
        lease.busy = true;
        ids.add(lease.id);
      }
    }
    return ids.isEmpty() ? null : new LeaseWork.Renewing(now, ids, validity);
  }

  /**
   * The bank has answered.
   *
   * @param alive those that it keeps alive; the others are gone
   */
  public void renewed(LeaseWork.Renewing work, List<Long> alive) {
    long validNanos = work.validFor().toNanos();
    for (long id : work.leaseIds()) {
      Lease lease = leases.get(id);
      if (lease != null) {
        lease.busy = false;
        if (alive.contains(id)) {
          lease.deadlineNanos = work.askedNanos() + validNanos - validNanos / 1000;
        } else {
          lease.gone = true;
          lease.closing = true;
          forgetIfGone(lease);
        }
      }
    }
  }

  /** The bank did not answer. */
  public void renewFailed(LeaseWork.Renewing work) {
    free(work.leaseIds());
  }

  /** Leases to give back; null for none. */
  public LeaseWork.@Nullable Releasing releases(long now) {
    List<Long> ids = new ArrayList<>();
    List<Lease> gone = new ArrayList<>();
    for (Lease lease : leases.values()) {
      boolean spent = lease.kept == lease.captured;
      boolean done = lease.closing || !lease.usable(now) || spent || idle(lease, now);
      if (!lease.busy && lease.settledUp() && done && ids.size() < Bank.MAX_ASKS) {
        lease.closing = true;
        if (lease.gone) {
          gone.add(lease);
        } else {
          lease.busy = true;
          ids.add(lease.id);
        }
      }
    }
    gone.forEach(forget);
    return ids.isEmpty() ? null : new LeaseWork.Releasing(ids);
  }

  /** They are closed. */
  public void released(LeaseWork.Releasing work) {
    for (long id : work.leaseIds()) {
      Lease lease = leases.get(id);
      if (lease != null) {
        lease.counter.wentBack(lease.kept - lease.captured);
        forget.accept(lease);
      }
    }
  }

  /** The bank did not answer: they may be closed, or may not. Nobody draws from them any more. */
  public void releaseFailed(LeaseWork.Releasing work) {
    free(work.leaseIds());
  }

  /** Others need what lies in these leases. */
  public void recalled(List<Long> ids) {
    for (long id : ids) {
      Lease lease = leases.get(id);
      if (lease != null && !lease.recalled) {
        lease.recalled = true;
        lease.closing = true;
      }
    }
  }

  /** Everything goes back as soon as nobody holds it: this gateway stops. */
  public void closeAll() {
    leases.values().forEach(lease -> lease.closing = true);
  }

  /** Leases of which a part goes back although requests still draw from them; null for none. */
  public LeaseWork.@Nullable Shrinking shrinkings() {
    List<Draw> kept = new ArrayList<>();
    for (Lease lease : leases.values()) {
      long needed = lease.held + lease.captured;
      if (lease.closing
          && lease.recalled
          && !lease.busy
          && !lease.gone
          && !lease.settledUp()
          && needed < lease.kept
          && kept.size() < Bank.MAX_ASKS) {
        lease.busy = true;
        kept.add(new Draw(lease.id, lease.counter.id, needed));
      }
    }
    return kept.isEmpty() ? null : new LeaseWork.Shrinking(kept);
  }

  /** That much of them is left. */
  public void shrunk(LeaseWork.Shrinking work) {
    for (Draw kept : work.kept()) {
      Lease lease = leases.get(kept.leaseId());
      if (lease != null) {
        lease.busy = false;
        lease.counter.wentBack(lease.kept - kept.amount());
        lease.kept = kept.amount();
      }
    }
  }

  /** The bank did not answer: what was to go back is not used in any case. */
  public void shrinkFailed(LeaseWork.Shrinking work) {
    for (Draw kept : work.kept()) {
      free(List.of(kept.leaseId()));
    }
  }

  /**
   * How a lease stands.
   *
   * @param kept what was granted and not given back
   * @param held by requests under way
   * @param captured by requests that have ended
   * @param settled what the bank has recorded of that
   */
  public record View(
      long leaseId, long counterId, long kept, long held, long captured, long settled) {}

  /** How all leases stand. */
  public List<View> view() {
    List<View> views = new ArrayList<>(leases.size());
    for (Lease lease : leases.values()) {
      views.add(
          new View(
              lease.id, lease.counter.id, lease.kept, lease.held, lease.captured, lease.settled));
    }
    return views;
  }

  /** How many leases there are. */
  public int size() {
    return leases.size();
  }

  private void free(List<Long> ids) {
    for (long id : ids) {
      Lease lease = leases.get(id);
      if (lease != null) {
        lease.busy = false;
      }
    }
  }

  private void forgetIfGone(Lease lease) {
    if (lease.gone && lease.settledUp()) {
      forget.accept(lease);
    }
  }

  private boolean idle(Lease lease, long now) {
    long after = setAside(lease) ? LeaseSettings.SET_ASIDE.toNanos() / 2 : 0;
    return now - lease.lastTakenNanos >= Math.max(after, settings.idleAfter().toNanos());
  }

  /** Whether it was given for much longer than was asked for: for times without the bank. */
  private boolean setAside(Lease lease) {
    return lease.validNanos > 2 * settings.validity().toNanos();
  }
}
