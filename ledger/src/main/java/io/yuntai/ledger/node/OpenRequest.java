package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.Claim;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.PlannedCounter;
import io.yuntai.ledger.budgets.RequestPlan;
import io.yuntai.ledger.leases.Admission;
import io.yuntai.ledger.leases.Hold;
import io.yuntai.ledger.leases.Spent;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.Rates;
import io.yuntai.ledger.prices.ServiceClass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request that was let in and has not ended. For one thread at a time. */
public final class OpenRequest {
  /** Where a record lies that need not be waited for. */
  public static final long NOWHERE = 0;

  /**
   * Progress is written down so often at most, not with every token. A process that is killed
   * leaves what was sent after it unbilled.
   */
  private static final long PROGRESS_NANOS = 100_000_000;

  private final GatewayNode node;
  private final UUID id;
  private final RequestPlan plan;
  private final String model;
  private final ServiceClass serviceClass;
  private final Rates rates;
  private final Instant at;
  private final Hold hold;
  private final EngineAccount engines;
  private MeteredTokens acknowledged = MeteredTokens.NONE;
  private boolean ended;
  private MeteredTokens written = MeteredTokens.NONE;
  private long writtenNanos;
  private @Nullable UsageRecord settled;

  OpenRequest(
      GatewayNode node,
      UUID id,
      RequestPlan plan,
      String model,
      ServiceClass serviceClass,
      Rates rates,
      Instant at,
      Hold hold) {
    this.node = node;
    this.id = id;
    this.plan = plan;
    this.model = model;
    this.serviceClass = serviceClass;
    this.rates = rates;
    this.at = at;
    this.hold = hold;
    this.engines = new EngineAccount(id, plan.orgId(), this::claim, this::late, node.awaited());
  }

  /** By which its usage is known. */
  public UUID id() {
    return id;
  }

  /** What it draws from. */
  public RequestPlan plan() {
    return plan;
  }

  /** Where engines say what they did for it. */
  public EngineAccount engines() {
    return engines;
  }

  /** What it was charged; empty until it has ended, and where nothing was done for it. */
  public Optional<UsageRecord> settled() {
    return Optional.ofNullable(settled);
  }

  /** Whether it costs anything or draws from anything. */
  private boolean counts() {
    return plan.rateCardId() != 0 || !plan.counters().isEmpty();
  }

  private void late(EngineReceipt receipt) {
    if (counts()) {
      node.late(receipt);
    }
  }

  private Claim claim(MeteredTokens received) {
    return new Claim(
        node.id(),
        plan.projectId(),
        plan.userId(),
        plan.keyId(),
        at,
        model,
        plan.rateCardId(),
        serviceClass,
        received.inputLength(),
        plan.counters().stream().map(PlannedCounter::counterId).toList());
  }

  /** Tokens that may be generated with what is held; unbounded where nothing limits it. */
  public long allowedTokens() {
    return plan.counters().isEmpty() ? Long.MAX_VALUE : hold.outputTokens();
  }

  /** Up to how many tokens it must be extended to pay this; mostly as many as were generated. */
  public long tokensToPay(MeteredTokens tokens) {
    return hold.outputTokensFor(new Spent(rates.charge(tokens).amountNano(), tokens.total(), 1));
  }

  /** What so many tokens cost it, in 10⁻⁹ of its currency. */
  public long amountNanos(MeteredTokens tokens) {
    return rates.charge(tokens).amountNano();
  }

  /**
   * Asks to go on to so many tokens in all. What was sent is written down: the answer may be late.
   */
  public Admission extend(long tokens) {
    if (!acknowledged.equals(written)) {
      write(node.nanos());
    }
    return node.extend(hold, tokens);
  }

  /** An extension was granted: what it holds may lie in other leases now, which is written down. */
  public void extended() {
    write(node.nanos());
  }

  /**
   * The client has received so much; if everything breaks down now, this is what it owes, but for
   * what it received in the tenth of a second after it was last written down.
   *
   * @param tokens all so far, within {@link #allowedTokens}
   */
  public void acknowledged(MeteredTokens tokens) {
    acknowledged = tokens;
    long now = node.nanos();
    if (written.equals(MeteredTokens.NONE) || now - writtenNanos >= PROGRESS_NANOS) {
      write(now);
    }
  }

  private void write(long now) {
    if (counts()) {
      written = acknowledged;
      writtenNanos = now;
      node.progressed(record(acknowledged, UsageStatus.FAILED));
    }
  }

  /** What the client is known to have received. */
  public MeteredTokens acknowledged() {
    return acknowledged;
  }

  /**
   * It has ended, and this is what it used. Without effect the second time.
   *
   * @param tokens within {@link #allowedTokens}
   * @return how far the journal must be forced before the client may know; {@link #NOWHERE} where
   *     no money and no quota moved
   */
  public long end(UsageStatus status, MeteredTokens tokens) {
    if (ended) {
      return NOWHERE;
    }
    ended = true;
    UsageRecord record = record(tokens, status);
    settled = record;
    EngineReceipt receipt = engines.closed(status, tokens);
    Spent spent = spent(tokens, rates.charge(tokens));
    long place = node.ended(record, counts() ? receipt : null, hold, spent);
    return record.amountNano() == 0 && record.draws().isEmpty() ? NOWHERE : place;
  }

  /** Nothing was done for it: it is as if it had not come. Without effect on one that has ended. */
  public void abandon() {
    if (!ended) {
      ended = true;
      EngineReceipt receipt = engines.closed(UsageStatus.CANCELLED, MeteredTokens.NONE);
      node.abandoned(counts() ? receipt : null, hold);
    }
  }

  /** More than was held only an upstream can have counted: that much of it no counter bears. */
  private Spent spent(MeteredTokens tokens, Charge charge) {
    return hold.atMost(new Spent(charge.amountNano(), tokens.total(), 1));
  }

  private UsageRecord record(MeteredTokens tokens, UsageStatus status) {
    Charge charge = rates.charge(tokens);
    List<Draw> draws = hold.draws(spent(tokens, charge));
    return new UsageRecord(
        id,
        plan.orgId(),
        plan.projectId(),
        plan.userId(),
        plan.keyId(),
        at,
        model,
        plan.rateCardId(),
        serviceClass,
        tokens,
        charge.amountNano(),
        charge.residuePico(),
        status,
        draws);
  }
}
