package io.yuntai.ledger.invoices;

import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.Meter;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies commitments to requests, one after another in the order of their ids: each takes what
 * fits of what is left of its period. Within a request the order is that of the meters, so who
 * counts again comes to the same. What costs nothing is not covered.
 *
 * <p>Tokens that are free or reserved count in no tier of a month. Of meters whose price goes by
 * the month a savings plan covers nothing: what they cost is known only when the month is over.
 */
final class Coverage {
  private static final Comparator<BoundCommitment> ORDER =
      Comparator.comparing(BoundCommitment::commitment, Commitment.ORDER);

  /** A commitment's period. */
  record Place(long commitment, Instant begin) {
    static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::commitment).thenComparing(Place::begin);
  }

  /**
   * A part of a request that a commitment covers.
   *
   * @param meter null where a savings plan takes what all meters come to
   * @param units tokens; 0 of a savings plan
   * @param pico what it would have cost
   */
  record Part(
      BoundCommitment by, @Nullable Meter meter, long units, long pricePico, BigInteger pico) {}

  private final List<BoundCommitment> commitments;
  private final Map<Place, BigInteger> used = new TreeMap<>(Place.ORDER);
  private final Map<Place, BigInteger> added = new TreeMap<>(Place.ORDER);
  private final Map<Long, BigInteger> pico = new TreeMap<>();

  /**
   * @param before what earlier invoices had of the same periods
   */
  Coverage(List<BoundCommitment> commitments, List<CoveredUnits> before) {
    this.commitments = commitments.stream().sorted(ORDER).toList();
    before.forEach(
        one -> used.merge(new Place(one.commitment(), one.begin()), one.units(), BigInteger::add));
  }

  boolean isEmpty() {
    return commitments.isEmpty();
  }

  /**
   * Covers what can be covered of a request.
   *
   * @param counted its units; those that are covered as tokens are taken off
   * @param monthly meters whose price goes by the month
   */
  List<Part> cover(String model, Instant at, List<UsageSum.Counted> counted, Set<Meter> monthly) {
    List<Part> parts = new ArrayList<>();
    @Nullable BigInteger open = null;
    for (BoundCommitment one : commitments) {
      if (!one.commitment().fits(model, at)) {
        continue;
      }
      switch (one.commitment().terms()) {
        case CommitmentTerms.FreeTokens _, CommitmentTerms.Reservation _ ->
            coverTokens(one, at, counted, parts);
        case CommitmentTerms.SavingsPlan _ -> {
          open = open == null ? worth(counted, monthly) : open;
          BigInteger taken = open.min(room(one, at));
          if (taken.signum() > 0) {
            open = open.subtract(taken);
            take(one, at, taken, taken);
            parts.add(new Part(one, null, 0, 0, taken));
          }
        }
      }
    }
    return parts;
  }

  private void coverTokens(
      BoundCommitment one, Instant at, List<UsageSum.Counted> counted, List<Part> parts) {
    long room = room(one, at).longValueExact();
    for (int index = 0; index < counted.size() && room > 0; index++) {
      UsageSum.Counted units = counted.get(index);
      long taken = units.pico() == 0 ? 0 : Math.min(room, units.units());
      if (taken > 0) {
        BigInteger worth = BigInteger.valueOf(taken).multiply(BigInteger.valueOf(units.pico()));
        room -= taken;
        counted.set(
            index, new UsageSum.Counted(units.meter(), units.units() - taken, units.pico()));
        take(one, at, BigInteger.valueOf(taken), worth);
        parts.add(new Part(one, units.meter(), taken, units.pico(), worth));
      }
    }
  }

  private static BigInteger worth(List<UsageSum.Counted> counted, Set<Meter> monthly) {
    BigInteger worth = BigInteger.ZERO;
    for (UsageSum.Counted units : counted) {
      if (!monthly.contains(units.meter())) {
        worth =
            worth.add(BigInteger.valueOf(units.units()).multiply(BigInteger.valueOf(units.pico())));
      }
    }
    return worth;
  }

  private BigInteger room(BoundCommitment one, Instant at) {
    Place place = new Place(one.commitment().id(), one.begin(at));
    return one.commitment()
        .terms()
        .capacity()
        .subtract(used.getOrDefault(place, BigInteger.ZERO))
        .max(BigInteger.ZERO);
  }

  private void take(BoundCommitment one, Instant at, BigInteger units, BigInteger worth) {
    Place place = new Place(one.commitment().id(), one.begin(at));
    used.merge(place, units, BigInteger::add);
    added.merge(place, units, BigInteger::add);
    pico.merge(one.commitment().id(), worth, BigInteger::add);
  }

  /** What was covered of requests, by commitment and period. */
  List<CoveredUnits> added() {
    return added.entrySet().stream()
        .map(entry ->
            new CoveredUnits(entry.getKey().commitment(), entry.getKey().begin(), entry.getValue()))
        .toList();
  }

  /** What a commitment covered, at the prices without it. */
  BigInteger pico(long commitment) {
    return pico.getOrDefault(commitment, BigInteger.ZERO);
  }
}
