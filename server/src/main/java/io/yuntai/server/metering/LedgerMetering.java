package io.yuntai.server.metering;

import io.yuntai.dialect.ApiException;
import io.yuntai.engine.WorkWitness;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.Plans;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.budgets.Unit;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.ledger.leases.Outcome;
import io.yuntai.ledger.leases.Standing;
import io.yuntai.ledger.node.GatewayNode;
import io.yuntai.ledger.node.NodeThreads;
import io.yuntai.ledger.node.OpenRequest;
import io.yuntai.ledger.node.TokenMeter;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.server.gateway.Metering;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.RateLimit;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Stage;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets requests in by what the ledger says. Safe for use by many threads. */
public final class LedgerMetering implements Metering {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerMetering.class);

  /** How many tokens of each answer are held at a time. */
  private static final long SLICE_TOKENS = 256;

  /** With fewer than these, a request that wants more is not begun. */
  private static final long LEAST_TOKENS = 16;

  private static final int MAX_ENGINE_CHARS = 200;

  private final NodeThreads ledger;
  private final GatewayNode node;
  private final Plans plans;
  private final RateCards cards;

  /**
   * @param ledger this gateway's part of it, closed by its owner
   */
  public LedgerMetering(NodeThreads ledger, Plans plans, RateCards cards) {
    this.ledger = ledger;
    this.node = ledger.node();
    this.plans = plans;
    this.cards = cards;
  }

  @Override
  public Admitted admit(Request request) throws ApiException {
    RequestTimeline timeline = RequestTimeline.current();
    timeline.begin(Stage.HOLD);
    try {
      Metered metered = let(request);
      timeline.admitted(metered.open);
      return metered;
    } finally {
      timeline.end(Stage.HOLD);
    }
  }

  private Metered let(Request request) throws ApiException {
    Instant at = node.now();
    if (!node.takesRequests()) {
      throw Refusals.overloaded();
    }
    RequestPlan plan = plan(request, at);
    Rates rates = rates(plan, request, at);
    long prompt = Math.min(request.promptTokens(), MeteredTokens.MAX_COUNT);
    long wanted = Math.min(request.mostTokens(), SLICE_TOKENS * request.answers());
    long least = Math.min(wanted, LEAST_TOKENS);
    Outcome outcome = decide(plan, new TokenNeed(prompt, rates), wanted, least);
    long likely = Math.min(request.likelyPromptTokens(), prompt);
    if (outcome instanceof Outcome.Refused && likely < prompt) {
      // What is surely enough for a prompt that only an upstream can count is mostly far too much,
      // and the last of a budget is to be used, too. All of that is wanted, as tokens of output;
      // what the prompt comes to beyond it is the operator's.
      outcome = decide(plan, new TokenNeed(likely, rates), wanted + prompt - likely, least);
    }
    return switch (outcome) {
      case Outcome.Held(var hold) -> {
        OpenRequest open =
            node.begin(plan, request.model(), request.serviceClass(), rates, at, hold);
        yield new Metered(open, request);
      }
      case Outcome.Refused(var counter) -> throw Refusals.exhausted(counter, node.now());
      case Outcome.Unavailable _ -> throw Refusals.unavailable();
    };
  }

  @Override
  public List<RateLimit> limits(Principal asker, String model) {
    Instant now = node.now();
    try {
      RequestPlan plan = plans.plan(asker.payer(), model, now);
      return plan.counters().stream().anyMatch(LedgerMetering::isRate)
          ? node.standings(plan).stream()
              .filter(standing -> isRate(standing.counter()))
              .collect(
                  Collectors.toMap(
                      standing -> standing.counter().unit(),
                      standing -> limit(standing, now),
                      (a, b) -> a.remaining() <= b.remaining() ? a : b,
                      () -> new EnumMap<>(Unit.class)))
              .values()
              .stream()
              .toList()
          : List.of();
    } catch (DatabaseException e) {
      LOG.debug("no plan to tell limits by", e);
      return List.of();
    }
  }

  private static boolean isRate(PlannedCounter counter) {
    return counter.unit() == Unit.REQUESTS || counter.unit() == Unit.TOKENS;
  }

  private static RateLimit limit(Standing standing, Instant now) {
    PlannedCounter counter = standing.counter();
    return new RateLimit(
        counter.unit(), standing.limit(), standing.remaining(), now, counter.windowEnd());
  }

  private RequestPlan plan(Request request, Instant at) throws ApiException {
    try {
      return plans.plan(request.asker().payer(), request.model(), at);
    } catch (DatabaseException e) {
      LOG.warn("no plan for key {}: {}", request.asker().id(), e.getMessage());
      throw Refusals.unavailable();
    }
  }

  private Rates rates(RequestPlan plan, Request request, Instant at) throws ApiException {
    try {
      RateCard card = plan.rateCardId() == 0 ? RateCard.free() : cards.cited(plan.rateCardId());
      return card.rates(request.model(), request.serviceClass(), at)
          .orElseThrow(() -> Refusals.unpriced(request.model()));
    } catch (DatabaseException e) {
      LOG.warn("no prices for key {}: {}", request.asker().id(), e.getMessage());
      throw Refusals.unavailable();
    }
  }

  private Outcome decide(RequestPlan plan, TokenNeed need, long wanted, long least)
      throws ApiException {
    try {
      return ledger.decision(node.admit(plan, need, wanted, least));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusals.unavailable();
    }
  }

  private final class Metered implements Admitted {
    private final OpenRequest open;
    private final Request request;

    Metered(OpenRequest open, Request request) {
      this.open = open;
      this.request = request;
    }

    @Override
    public WorkWitness witness(String engine) {
      open.engines().begins(engine.substring(0, Math.min(MAX_ENGINE_CHARS, engine.length())));
      return work ->
          open.engines().ended(work.computedTokens(), work.foundTokens(), work.sampledTokens());
    }

    @Override
    public RunningAnswer follow(RunningAnswer answer) {
      int likely = (int) Math.min(request.likelyPromptTokens(), MeteredTokens.MAX_COUNT);
      MeteredTokens prompt = new MeteredTokens(likely, 0, 0, 0, 0);
      long slice = SLICE_TOKENS * request.answers();
      TokenMeter meter = new TokenMeter(open, prompt, slice, request.mostTokens());
      return new MeteredAnswer(answer, meter, ledger, request.answers());
    }

    @Override
    public void computed(long tokens) throws InterruptedException {
      MeteredTokens used = new MeteredTokens(Math.toIntExact(tokens), 0, 0, 0, 0);
      RequestTimeline timeline = RequestTimeline.current();
      timeline.begin(Stage.SETTLE);
      try {
        ledger.ended(open.end(UsageStatus.COMPLETED, used));
      } finally {
        timeline.end(Stage.SETTLE);
      }
    }

    @Override
    public void abandon() {
      open.abandon();
    }
  }
}
