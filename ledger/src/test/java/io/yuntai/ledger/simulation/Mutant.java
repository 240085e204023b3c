package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.leases.Need;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  HOLDS_TWO_NANO_LESS,
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
  DISK_DELETES_EARLY,
  JOURNAL_IS_READ_IN_PART,
  CLOCK_STANDS_STILL,
  CLOCK_IS_SLOW,
  BANK_IS_AN_HOUR_AHEAD,
  REQUESTS_SHARE_IDS,
  DRAWS_FROM_THE_NEXT_WINDOW,
  HOLDS_A_TOKEN_LESS,
  EXTENDS_WITHOUT_A_HOLD,
  STOPS_NOW_AND_THEN,
  WRITES_NO_PROGRESS,
  FORGETS_WHO_LEFT,
  ABANDONS_WHO_LEFT,
  GRANTS_LAST_TOO_LONG,
  GRANTS_TO_EARLIER_LIVES,
  REGISTERS_WITHOUT_A_NEW_EPOCH,
  RECALLS_NOTHING,
  RENEWS_WHAT_IS_CLOSED,
  REAPS_TOO_EARLY,
  REFUSES_WHAT_COMES_LATE,
  SETTLES_ON_OTHER_LEASES,
  SETTLES_OTHER_TOKENS,
  SETTLES_IN_THE_WRONG_ORG,
  LOWERED_LIMIT_TAKES_EFFECT_AT_ONCE;

  Bank of(ModelBank right) {
    return this == NONE ? right : new WrongBank(right, this);
  }

  void of(SimDisk disk) {
    disk.forgetsToForce = this == LAST_CHUNK_BEFORE_DISK;
    disk.dropsWrites = this == DISK_DROPS_WRITES;
    disk.deletesEarly = this == DISK_DELETES_EARLY;
    disk.readsShort = this == JOURNAL_IS_READ_IN_PART;
  }

  long time(long right) {
    return switch (this) {
      case CLOCK_STANDS_STILL -> 0;
      case CLOCK_IS_SLOW -> right / 4;
      default -> right;
    };
  }

  RandomGenerator of(RandomGenerator right) {
    return this == REQUESTS_SHARE_IDS ? () -> 0 : right;
  }

  /** By how much the bank's reaper is ahead of its time. */
  Duration reapsAhead() {
    return Duration.ofSeconds(this == REAPS_TOO_EARLY ? 12 : 0);
  }

  long windowsAhead() {
    return this == DRAWS_FROM_THE_NEXT_WINDOW ? 1 : 0;
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
      case HOLDS_TWO_NANO_LESS ->
          (unit, tokens) ->
              unit == Unit.MONEY
                  ? Math.max(0, right.amount(unit, tokens) - 2)
                  : right.amount(unit, tokens);
      case HOLDS_A_TOKEN_LESS -> (unit, tokens) -> right.amount(unit, Math.max(0, tokens - 1));
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
    return switch (this) {
      case GOES_ON_PAST_THE_BUDGET -> right == TokenMeter.Step.STOP ? TokenMeter.Step.PASS : right;
      case EXTENDS_WITHOUT_A_HOLD -> right == TokenMeter.Step.EXTEND ? TokenMeter.Step.PASS : right;
      case STOPS_NOW_AND_THEN -> random.nextInt(50) == 0 ? TokenMeter.Step.STOP : right;
      default -> right;
    };
  }
}
