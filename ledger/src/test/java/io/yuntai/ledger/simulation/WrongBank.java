package io.yuntai.ledger.simulation;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Bank;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.FencedException;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.ModelBank;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.Settled;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.prices.MeteredTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A bank with a fault. */
final class WrongBank implements Bank {
  private final ModelBank right;
  private final Mutant mutant;
  private final Map<String, Node> registered = new TreeMap<>();

  WrongBank(ModelBank right, Mutant mutant) {
    this.right = right;
    this.mutant = mutant;
  }

  @Override
  public Node register(String name) {
    return mutant == Mutant.REGISTERS_WITHOUT_A_NEW_EPOCH
        ? registered.computeIfAbsent(name, right::register)
        : right.register(name);
  }

  @Override
  public List<Grant> grant(Node node, List<Ask> asks, Duration ttl) {
    return granted(node, asks, ttl).stream()
        .map(grant ->
            switch (mutant) {
              case GRANTS_MORE_THAN_IT_BOOKS -> more(grant, 1);
              case GRANTS_TWICE_WHAT_IT_BOOKS -> more(grant, grant.granted());
              case GRANT_NAMES_ANOTHER_COUNTER ->
                  new Grant(
                      grant.leaseId(),
                      asks.getFirst().counterId(),
                      grant.granted(),
                      grant.validFor(),
                      grant.limit(),
                      grant.left());
              case GRANTS_LAST_TOO_LONG ->
                  new Grant(
                      grant.leaseId(),
                      grant.counterId(),
                      grant.granted(),
                      grant.validFor().multipliedBy(4),
                      grant.limit(),
                      grant.left());
              default -> grant;
            })
        .toList();
  }

  private List<Grant> granted(Node node, List<Ask> asks, Duration ttl) {
    try {
      return right.grant(node, asks, ttl);
    } catch (FencedException e) {
      if (mutant != Mutant.GRANTS_TO_EARLIER_LIVES) {
        throw e;
      }
      return right.grantUnfenced(node, asks, ttl);
    }
  }

  private static Grant more(Grant grant, long amount) {
    return new Grant(
        grant.leaseId(),
        grant.counterId(),
        grant.granted() + amount,
        grant.validFor(),
        grant.limit(),
        grant.left());
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
        Settled _ = right.settle(changed(batch, WrongBank::underAnotherId));
        yield right.settle(batch);
      }
      case SETTLES_WITHOUT_DRAWS ->
          right.settle(
              changed(batch, row -> with(row, 1, row.tokens(), row.amountNano(), List.of())));
      case SETTLES_ANOTHER_AMOUNT ->
          right.settle(
              changed(batch, row -> with(row, 1, row.tokens(), row.amountNano() + 1, row.draws())));
      case SETTLES_OTHER_TOKENS ->
          right.settle(
              changed(
                  batch,
                  row -> with(row, 1, oneMore(row.tokens()), row.amountNano(), row.draws())));
      case SETTLES_IN_THE_WRONG_ORG ->
          right.settle(
              changed(batch, row -> with(row, 2, row.tokens(), row.amountNano(), row.draws())));
      case SETTLES_ON_OTHER_LEASES ->
          right.settle(
              changed(
                  batch,
                  row ->
                      with(row, 1, row.tokens(), row.amountNano(), onTheNextLease(row.draws()))));
      case REFUSES_WHAT_COMES_LATE -> {
        Settled _ = right.settle(batch.stream().filter(this::inTime).toList());
        yield told(batch);
      }
      default -> right.settle(batch);
    };
  }

  private boolean inTime(UsageRecord row) {
    return row.draws().stream().noneMatch(draw -> right.lease(draw.leaseId()).closed);
  }

  private static List<UsageRecord> changed(
      List<UsageRecord> batch, UnaryOperator<UsageRecord> change) {
    return batch.stream().map(change).collect(Collectors.toList());
  }

  private static Settled told(List<UsageRecord> batch) {
    return new Settled(batch.stream().map(UsageRecord::requestId).toList(), List.of(), List.of());
  }

  private static MeteredTokens oneMore(MeteredTokens tokens) {
    return new MeteredTokens(tokens.input() + 1, 0, 0, tokens.output(), 0);
  }

  private List<Draw> onTheNextLease(List<Draw> draws) {
    return draws.stream()
        .map(draw ->
            right.leases().containsKey(draw.leaseId() + 1)
                ? new Draw(draw.leaseId() + 1, draw.counterId(), draw.amount())
                : draw)
        .toList();
  }

  private static UsageRecord underAnotherId(UsageRecord row) {
    UUID id = row.requestId();
    return with(
        row,
        new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1),
        row.orgId(),
        row.tokens(),
        row.amountNano(),
        row.draws());
  }

  private static UsageRecord with(
      UsageRecord row, long org, MeteredTokens tokens, long nano, List<Draw> draws) {
    return with(row, row.requestId(), org, tokens, nano, draws);
  }

  private static UsageRecord with(
      UsageRecord row, UUID id, long org, MeteredTokens tokens, long nano, List<Draw> draws) {
    return new UsageRecord(
        id,
        org,
        row.projectId(),
        row.userId(),
        row.keyId(),
        row.at(),
        row.model(),
        row.rateCardId(),
        row.serviceClass(),
        tokens,
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
  public void keep(List<EngineReceipt> receipts) {
    right.keep(receipts);
  }

  @Override
  public List<Long> recalled(Node node) {
    List<Long> recalled = right.recalled(node);
    return mutant == Mutant.RECALLS_NOTHING ? List.of() : recalled;
  }

  @Override
  public List<Long> renew(Node node, List<Long> leaseIds, Duration ttl) {
    List<Long> alive = right.renew(node, leaseIds, ttl);
    return mutant == Mutant.RENEWS_WHAT_IS_CLOSED ? leaseIds : alive;
  }

  @Override
  public void shrink(Node node, List<Draw> kept) {
    right.shrink(
        node,
        mutant != Mutant.SHRINK_GIVES_BACK_ONE_TOO_MUCH
            ? kept
            : kept.stream()
                .map(keep ->
                    new Draw(keep.leaseId(), keep.counterId(), Math.max(0, keep.amount() - 1)))
                .toList());
  }

  @Override
  public List<Long> inherited(Node node) {
    return mutant == Mutant.INHERITED_SAYS_NONE ? List.of() : right.inherited(node);
  }

  @Override
  public Instant now() {
    return mutant == Mutant.BANK_IS_AN_HOUR_AHEAD
        ? right.now().plus(Duration.ofHours(1))
        : right.now();
  }
}
