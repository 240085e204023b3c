package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.Settled;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Wrong behaviours at the ports, each of which the invariants must notice. */
enum Mutant {
  NONE,
  GRANTS_MORE_THAN_IT_BOOKS,
  GRANTS_TWICE_WHAT_IT_BOOKS,
  GRANT_NAMES_ANOTHER_COUNTER,
  SETTLES_EVERY_BATCH_TWICE_UNDER_NEW_IDS,
  SAYS_SETTLED_BUT_FORGETS_THE_FIRST,
  SAYS_SETTLED_BUT_FORGETS_ALL,
  SETTLES_WITHOUT_DRAWS,
  SETTLES_ANOTHER_AMOUNT,
  RELEASE_FORGETS,
  RELEASE_FORGETS_ONE,
  SHRINK_GIVES_BACK_ONE_TOO_MUCH,
  INHERITED_SAYS_NONE,
  HOLDS_A_THIRD,
  HOLDS_WITHOUT_INPUT,
  HOLDS_NO_OUTPUT,
  HOLD_ROUNDS_DOWN,
  COUNTS_NO_REQUESTS,
  CHARGES_ROUNDED_UP,
  CHARGES_NO_INPUT,
  CHARGES_OUTPUT_AS_INPUT,
  CHARGES_NOTHING,
  CHARGES_ONE_TOKEN_MORE,
  CHARGES_ONE_TOKEN_LESS,
  GOES_ON_PAST_THE_BUDGET,
  LAST_CHUNK_BEFORE_DISK,
  DISK_DROPS_WRITES,
  CLOCK_STANDS_STILL;

  Bank of(ModelBank right, RandomGenerator random) {
    return this == NONE ? right : new WrongBank(right, this, random);
  }

  void of(SimDisk disk) {
    disk.forgetsToForce = this == LAST_CHUNK_BEFORE_DISK;
    disk.dropsWrites = this == DISK_DROPS_WRITES;
  }

  long time(long right) {
    return this == CLOCK_STANDS_STILL ? 0 : right;
  }

  Need of(Need right) {
    return switch (this) {
      case HOLDS_A_THIRD ->
          (unit, tokens) ->
              unit == Unit.MONEY ? right.amount(unit, tokens) / 3 : right.amount(unit, tokens);
      case HOLDS_NO_OUTPUT -> (unit, tokens) -> right.amount(unit, unit == Unit.MONEY ? 0 : tokens);
      case HOLDS_WITHOUT_INPUT ->
          (unit, tokens) ->
              unit == Unit.MONEY
                  ? right.amount(unit, tokens) - right.amount(unit, 0)
                  : right.amount(unit, tokens);
      case HOLD_ROUNDS_DOWN ->
          (unit, tokens) ->
              unit == Unit.MONEY
                  ? Math.max(0, right.amount(unit, tokens) - 1000)
                  : right.amount(unit, tokens);
      case COUNTS_NO_REQUESTS ->
          (unit, tokens) -> unit == Unit.REQUESTS ? 0 : right.amount(unit, tokens);
      default -> right;
    };
  }

  Rates of(Rates right) {
    List<Rates.Tier> tiers = new ArrayList<>();
    for (Rates.Tier tier : right.tiers()) {
      long in = tier.inputPico();
      long out = tier.outputPico();
      tiers.add(
          switch (this) {
            case CHARGES_ROUNDED_UP -> wrong(tier, (in / 1000 + 1) * 1000, out);
            case CHARGES_NO_INPUT -> wrong(tier, 0, out);
            case CHARGES_OUTPUT_AS_INPUT -> wrong(tier, in, in);
            case CHARGES_NOTHING -> wrong(tier, 0, 0);
            default -> tier;
          });
    }
    return new Rates(tiers);
  }

  private static Rates.Tier wrong(Rates.Tier tier, long in, long out) {
    return new Rates.Tier(
        tier.inputBelow(),
        in,
        tier.cacheHitPico(),
        tier.cacheWritePico(),
        out,
        tier.reasoningPico());
  }

  MeteredTokens charged(MeteredTokens right) {
    int more =
        switch (this) {
          case CHARGES_ONE_TOKEN_MORE -> 1;
          case CHARGES_ONE_TOKEN_LESS -> -1;
          default -> 0;
        };
    return more == 0 || right.output() == 0
        ? right
        : new MeteredTokens(right.input(), 0, 0, right.output() + more, 0);
  }

  TokenMeter.Step of(TokenMeter.Step right, RandomGenerator random) {
    return this == GOES_ON_PAST_THE_BUDGET && right == TokenMeter.Step.STOP
        ? TokenMeter.Step.PASS
        : right;
  }

  /** A bank with a fault. */
  private record WrongBank(ModelBank right, Mutant mutant, RandomGenerator random) implements Bank {
    @Override
    public Node register(String name) {
      return right.register(name);
    }

    @Override
    public List<Grant> grant(Node node, List<Ask> asks, Duration ttl) {
      return right.grant(node, asks, ttl).stream()
          .map(grant ->
              switch (mutant) {
                case GRANTS_MORE_THAN_IT_BOOKS -> more(grant, 1);
                case GRANTS_TWICE_WHAT_IT_BOOKS -> more(grant, grant.granted());
                case GRANT_NAMES_ANOTHER_COUNTER ->
                    new Grant(
                        grant.leaseId(),
                        asks.getFirst().counterId(),
                        grant.granted(),
                        grant.validFor());
                default -> grant;
              })
          .toList();
    }

    private static Grant more(Grant grant, long amount) {
      return new Grant(
          grant.leaseId(), grant.counterId(), grant.granted() + amount, grant.validFor());
    }

    @Override
    public Settled settle(List<UsageRecord> batch) {
      return switch (mutant) {
        case SAYS_SETTLED_BUT_FORGETS_ALL -> told(batch);
        case SAYS_SETTLED_BUT_FORGETS_THE_FIRST -> {
          Settled _ = right.settle(batch.subList(1, batch.size()));
          yield told(batch);
        }
        case SETTLES_EVERY_BATCH_TWICE_UNDER_NEW_IDS -> {
          Settled _ =
              right.settle(
                  batch.stream()
                      .map(row ->
                          with(
                              row,
                              new UUID(
                                  row.requestId().getMostSignificantBits(),
                                  row.requestId().getLeastSignificantBits() ^ 1),
                              row.amountNano(),
                              row.draws()))
                      .toList());
          yield right.settle(batch);
        }
        case SETTLES_WITHOUT_DRAWS ->
            right.settle(
                batch.stream()
                    .map(row -> with(row, row.requestId(), row.amountNano(), List.of()))
                    .toList());
        case SETTLES_ANOTHER_AMOUNT ->
            right.settle(
                batch.stream()
                    .map(row -> with(row, row.requestId(), row.amountNano() + 1, row.draws()))
                    .toList());
        default -> right.settle(batch);
      };
    }

    private static Settled told(List<UsageRecord> batch) {
      return new Settled(batch.stream().map(UsageRecord::requestId).toList(), List.of(), List.of());
    }

    private static UsageRecord with(UsageRecord row, UUID id, long nano, List<Draw> draws) {
      return new UsageRecord(
          id,
          row.orgId(),
          row.projectId(),
          row.userId(),
          row.keyId(),
          row.at(),
          row.model(),
          row.rateCardId(),
          row.serviceClass(),
          row.tokens(),
          nano,
          row.residuePico(),
          row.status(),
          draws);
    }

    @Override
    public void release(Node node, List<Long> leaseIds) {
      switch (mutant) {
        case RELEASE_FORGETS -> {}
        case RELEASE_FORGETS_ONE -> right.release(node, leaseIds.subList(0, leaseIds.size() / 2));
        default -> right.release(node, leaseIds);
      }
    }

    @Override
    public List<Long> recalled(Node node) {
      return right.recalled(node);
    }

    @Override
    public List<Long> renew(Node node, List<Long> leaseIds, Duration ttl) {
      return right.renew(node, leaseIds, ttl);
    }

    @Override
    public void shrink(Node node, List<Draw> kept) {
      right.shrink(
          node,
          mutant != SHRINK_GIVES_BACK_ONE_TOO_MUCH
              ? kept
              : kept.stream()
                  .map(keep ->
                      new Draw(keep.leaseId(), keep.counterId(), Math.max(0, keep.amount() - 1)))
                  .toList());
    }

    @Override
    public List<Long> inherited(Node node) {
      return mutant == INHERITED_SAYS_NONE ? List.of() : right.inherited(node);
    }

    @Override
    public Instant now() {
      return right.now();
    }
  }
}
