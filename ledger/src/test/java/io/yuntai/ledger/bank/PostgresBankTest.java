package io.yuntai.ledger.bank;

import static io.yuntai.ledger.bank.TestBooks.exactly;
import static io.yuntai.ledger.bank.TestBooks.id;
import static io.yuntai.ledger.bank.TestBooks.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.chain.SigningKey;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases, settlement and the ledger on a real PostgreSQL. */
class PostgresBankTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir static Path folder;
  private static TestBooks books;
  private static PostgresBank bank;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    bank = books.bank();
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  /** After each test the whole ledger holds. */
  @AfterEach
  void everythingHolds() {
    List<CheckResult> broken = new ArrayList<>();
    Verification.run(
        books.database().dataSource(),
        result -> {
          if (!result.holds()) {
            broken.add(result);
          }
        });
    assertThat(broken).isEmpty();
  }

  private static Grant lease(Node node, long counter, long amount) {
    return bank.grant(node, exactly(counter, amount), MINUTE).getFirst();
  }

  private static Draw draw(Grant grant, long amount) {
    return new Draw(grant.leaseId(), grant.counterId(), amount);
  }

  @Test
  void aLeaseIsWhatIsLeftSharedAndNeverMore() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "tokens", false, 1000);
    Node node = bank.register("sharing");

    Grant first = bank.grant(node, List.of(new Ask(counter, 900, 10)), MINUTE).getFirst();
    assertThat(first.granted()).isPositive().isLessThanOrEqualTo(500);
    assertThat(first.validFor()).isPositive().isLessThanOrEqualTo(MINUTE);
    long left = 1000 - first.granted();
    assertThat(lease(node, counter, left).granted()).isEqualTo(left);
    assertThat(bank.grant(node, exactly(counter, 1), MINUTE)).isEmpty();
    assertThat(books.counterState(counter)).isEqualTo("1000 0 1000");
  }

  @Test
  void aWindowThatHasNotBegunOrIsLongOverGivesNothing() throws Exception {
    long org = books.org(false);
    Instant now = bank.now();
    Node node = bank.register("windows");
    long past = window(org, now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(2)));
    long future = window(org, now.plus(Duration.ofDays(1)), null);
    long ending = window(org, null, now.plus(Duration.ofMinutes(10)));

    List<Grant> grants =
        bank.grant(
            node,
            List.of(new Ask(past, 1, 1), new Ask(future, 1, 1), new Ask(ending, 1, 1)),
            Duration.ofDays(1));
    assertThat(grants).extracting(Grant::counterId).containsExactly(ending);
    assertThat(grants.getFirst().validFor()).isLessThanOrEqualTo(Duration.ofMinutes(10));
  }

  private static long window(long org, @Nullable Instant from, @Nullable Instant until)
      throws SQLException {
    return books.in(c -> Counters.open(c, org, "requests", false, from, until, 10));
  }

  @Test
  void anOlderLifeOfANodeIsFenced() throws Exception {
    long counter = books.counter(books.org(false), "tokens", false, 100);
    Node old = bank.register("twice");
    Grant kept = lease(old, counter, 10);
    Node young = bank.register("twice");
    assertThat(young.epoch()).isEqualTo(old.epoch() + 1);

    assertThatThrownBy(() -> lease(old, counter, 1))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("epoch " + old.epoch());
    assertThatThrownBy(() -> bank.recalled(old)).isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> bank.release(old, List.of(kept.leaseId())))
        .isInstanceOf(FencedException.class);
    assertThat(bank.inherited(young)).containsExactly(kept.leaseId());
    bank.release(young, List.of(kept.leaseId()));
    assertThat(books.counterState(counter)).isEqualTo("100 0 0");
  }

  @Test
  void usageIsChargedOnceHoweverOftenItIsSent() throws Exception {
    long org = books.org(true);
    long wallet = books.counter(org, "money", true, 1000);
    long grant = books.credit(org, "paid", 1000);
    long tokens = books.counter(org, "tokens", false, 10_000);
    Node node = bank.register("once");
    Grant money = lease(node, wallet, 500);
    Grant count = lease(node, tokens, 300);
    List<UsageRecord> batch = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      batch.add(usage(org, id(), 100 + i, draw(money, 100 + i), draw(count, 47)));
    }

    Settled first = bank.settle(batch.subList(0, 2));
    Settled again = bank.settle(batch);
    assertThat(first.fresh()).hasSize(2);
    assertThat(again.known()).containsExactlyInAnyOrderElementsOf(first.fresh());
    assertThat(again.fresh()).containsExactly(batch.get(2).requestId());
    assertThat(again.quarantined()).isEmpty();
    assertThat(books.counterState(wallet)).isEqualTo("1000 303 197");
    assertThat(books.counterState(tokens)).isEqualTo("10000 141 159");
    bank.release(node, List.of(money.leaseId(), count.leaseId()));
    assertThat(books.counterState(wallet)).isEqualTo("1000 303 0");
    assertThat(books.transferred(org, "prepaid", "revenue")).isEqualTo(303);
    assertThat(books.transferred(org, "cash", "prepaid")).isEqualTo(1000);
    assertThat(books.amount(c -> Books.creditLeft(c, org, grant))).isEqualTo(697);
  }

  @Test
  void creditPaysInItsOrderAndAnInvoiceTheRest() throws Exception {
    long org = books.org(false);
    long paid = books.credit(org, "paid", 50);
    long promo = books.credit(org, "promo", 30);
    long free = books.credit(org, "free", 10);

    bank.settle(List.of(usage(org, id(), 25)));
    assertThat(books.amount(c -> Books.creditLeft(c, org, free))).isZero();
    assertThat(books.amount(c -> Books.creditLeft(c, org, promo))).isEqualTo(15);
    bank.settle(List.of(usage(org, id(), 100)));
    assertThat(books.amount(c -> Books.creditLeft(c, org, paid))).isZero();
    assertThat(books.transferred(org, "promotion", "revenue")).isEqualTo(40);
    assertThat(books.transferred(org, "prepaid", "revenue")).isEqualTo(50);
    assertThat(books.transferred(org, "receivable", "revenue")).isEqualTo(35);
  }

  @Test
  void expiredCreditIsBreakageOnce() throws Exception {
    long org = books.org(true);
    long paid = books.credit(org, "paid", 50);
    long promo = books.credit(org, "promo", 30);

    assertThat(books.amount(c -> Books.creditExpired(c, org, paid))).isEqualTo(50);
    assertThat(books.amount(c -> Books.creditExpired(c, org, promo))).isEqualTo(30);
    assertThat(books.amount(c -> Books.creditExpired(c, org, paid))).isZero();
    assertThat(books.transferred(org, "prepaid", "breakage")).isEqualTo(50);
  }

  @Test
  void whatComesTooLateIsTheOperatorsLoss() throws Exception {
    long org = books.org(true);
    long wallet = books.counter(org, "money", true, 1000);
    books.credit(org, "paid", 1000);
    Node node = bank.register("late");
    Grant lease = lease(node, wallet, 100);
    bank.settle(List.of(usage(org, id(), 70, draw(lease, 70))));
    bank.settle(List.of(usage(org, id(), 50, draw(lease, 50))));
    bank.release(node, List.of(lease.leaseId()));
    bank.settle(List.of(usage(org, id(), 9, draw(lease, 9))));

    assertThat(books.counterState(wallet)).isEqualTo("1000 100 0");
    assertThat(books.transferred(org, "prepaid", "revenue")).isEqualTo(100);
    assertThat(books.transferred(org, "loss", "revenue")).isEqualTo(29);
    assertThat(books.number("select sum(late) from counter_entry where org_id = " + org))
        .isEqualTo(29);
  }

  @Test
  void aBadRecordDoesNotBlockTheOthers() throws Exception {
    long org = books.org(false);
    long other = books.org(false);
    long counter = books.counter(org, "money", false, 1000);
    Node node = bank.register("bad");
    Grant lease = lease(node, counter, 500);
    UUID settled = id();
    bank.settle(List.of(usage(org, settled, 5)));
    List<UsageRecord> bad =
        List.of(
            usage(org, UUID.fromString("00000000-0000-4000-8000-000000000001"), 1),
            usage(org, id(), -1),
            usage(org, id(Instant.parse("2001-01-01T00:00:00Z").toEpochMilli()), 1),
            usage(999_999, id(), 1),
            usage(other, id(), 1, draw(lease, 1)),
            usage(org, id(), 1, new Draw(lease.leaseId(), counter + 1, 1)),
            usage(org, id(), 1, new Draw(999_999, counter, 1)),
            usage(org, id(), 1, draw(lease, 2)),
            usage(org, settled, 6));
    List<UsageRecord> batch = new ArrayList<>(bad);
    batch.add(4, usage(org, id(), 20, draw(lease, 20)));
    for (int time = 0; time < 2; time++) {
      Settled result = bank.settle(batch);
      assertThat(result.fresh()).hasSize(time == 0 ? 1 : 0);
      assertThat(result.quarantined())
          .containsExactlyInAnyOrderElementsOf(bad.stream().map(UsageRecord::requestId).toList());
    }
    assertThat(books.counterState(counter)).isEqualTo("1000 20 480");
    assertThat(books.number("select count(*) from quarantine where reason not like '%test_only%'"))
        .isEqualTo(bad.size());
  }

  @Test
  void aRuleThatBreaksInTheDatabaseFindsTheRecordAtFault() throws Exception {
    long org = books.org(false);
    books.execute(
        "alter table usage_rec add constraint test_only check (card_id <> 13 or org_id <> "
            + org
            + ")");
    try {
      List<UsageRecord> batch = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        batch.add(usage(org, id(), 10));
      }
      UsageRecord r = batch.get(6);
      UsageRecord bad =
          new UsageRecord(
              r.requestId(),
              org,
              0,
              0,
              0,
              r.at(),
              "model",
              13,
              r.serviceClass(),
              r.tokens(),
              10,
              0,
              r.status(),
              List.of());
      batch.set(6, bad);
      Settled result = bank.settle(batch);
      assertThat(result.fresh()).hasSize(8);
      assertThat(result.quarantined()).containsExactly(bad.requestId());
      assertThat(books.transferred(org, "receivable", "revenue")).isEqualTo(80);
      assertThat(books.text("select reason from quarantine where org_id = " + org))
          .contains("test_only");
    } finally {
      books.execute("alter table usage_rec drop constraint test_only");
    }
  }

  @Test
  void aLimitBelowWhatIsUsedIsThatAndSinksAsLeasesComeBack() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "requests", false, 100);
    Node node = bank.register("lowered");
    Grant lease = lease(node, counter, 60);
    bank.settle(List.of(usage(org, id(), 0, draw(lease, 20))));
    assertThat(bank.recalled(node)).isEmpty();

    books.in(c -> {
      Counters.limit(c, counter, 30);
      return true;
    });
    assertThat(books.counterState(counter)).isEqualTo("60 20 40");
    assertThat(bank.recalled(node)).containsExactly(lease.leaseId());
    assertThat(bank.grant(node, exactly(counter, 1), MINUTE)).isEmpty();
    bank.release(node, List.of(lease.leaseId()));
    assertThat(books.counterState(counter)).isEqualTo("30 20 0");
  }

  @Test
  void aRefusalRecallsWhatOthersHold() throws Exception {
    long counter = books.counter(books.org(false), "requests", false, 10);
    Node holder = bank.register("holder");
    Grant lease = lease(holder, counter, 10);
    Node asker = bank.register("asker");
    assertThat(bank.grant(asker, exactly(counter, 1), MINUTE)).isEmpty();
    assertThat(bank.recalled(asker)).isEmpty();
    assertThat(bank.recalled(holder)).containsExactly(lease.leaseId());
    bank.release(holder, List.of(lease.leaseId()));
    assertThat(lease(asker, counter, 10).granted()).isEqualTo(10);
  }

  @Test
  void leasesShrinkAndLiveOn() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "requests", false, 100);
    Node node = bank.register("shrinking");
    Grant lease = lease(node, counter, 80);
    bank.settle(List.of(usage(org, id(), 0, draw(lease, 5))));
    bank.shrink(node, List.of(draw(lease, 30)));
    bank.shrink(node, List.of(draw(lease, 30)));
    bank.shrink(node, List.of(draw(lease, 4)));
    assertThat(books.counterState(counter)).isEqualTo("100 5 25");
    assertThat(bank.renew(node, List.of(lease.leaseId()), MINUTE)).containsExactly(lease.leaseId());
    bank.release(node, List.of(lease.leaseId()));
    assertThat(bank.renew(node, List.of(lease.leaseId()), MINUTE)).isEmpty();
    assertThat(books.counterState(counter)).isEqualTo("100 5 0");
  }

  @Test
  void leasesOfNodesThatAreGoneAreReaped() throws Exception {
    long org = books.org(false);
    long counter = books.counter(org, "requests", false, 100);
    Node node = bank.register("gone");
    Grant lease = lease(node, counter, 80);
    bank.settle(List.of(usage(org, id(), 0, draw(lease, 5))));
    assertThat(bank.reap()).isZero();
    books.execute(
        "update lease set expires_at = clock_timestamp() - interval '1 second' where id = "
            + lease.leaseId());
    assertThat(bank.reap()).isEqualTo(1);
    assertThat(books.counterState(counter)).isEqualTo("100 5 0");
  }

  @Test
  void rowsOfTheLedgerNeverChange() throws Exception {
    long org = books.org(false);
    UUID request = id();
    bank.settle(List.of(usage(org, request, 10)));
    bank.keep(List.of(receipt(org, request)));
    String partition = books.text("select tableoid::regclass from usage_rec where org_id = " + org);
    for (String change :
        List.of(
            "update transfer set amount_nano = 1",
            "delete from transfer",
            "truncate transfer",
            "update ledger_tx set kind = 'x'",
            "truncate ledger_tx cascade",
            "update usage_rec set amount_nano = 0",
            "delete from " + partition,
            "truncate usage_rec",
            "truncate " + partition,
            "delete from engine_receipt",
            "update counter_entry set amount = 0",
            "insert into transfer values (" + org + ", 1, 9, 'USD', 'receivable', 'revenue', 1)",
            "insert into transfer values (" + org + ", 1, 9, 'CNY', 'revenue', 'revenue', 1)",
            "insert into transfer values (" + org + ", 1, 9, 'CNY', 'cash', 'revenue', 0)",
            "insert into transfer values (" + org + ", 77, 1, 'CNY', 'cash', 'revenue', 1)",
            "update counter set settled = limit_amt + 1",
            "insert into usage_rec select * from usage_rec where org_id = " + org)) {
      assertThatThrownBy(() -> books.execute(change)).as(change).isInstanceOf(SQLException.class);
    }
  }

  private static EngineReceipt receipt(long org, UUID request) {
    return new EngineReceipt(
        request, 0, org, "engine", new MeteredTokens(1, 2, 3, 4, 5), 6, 7, UsageStatus.COMPLETED);
  }

  @Test
  void receiptsAreKeptOnce() throws Exception {
    long org = books.org(false);
    UUID request = id();
    bank.keep(List.of(receipt(org, request)));
    bank.keep(List.of(receipt(org, request), receipt(org, id())));
    assertThat(books.number("select count(*) from engine_receipt where org_id = " + org))
        .isEqualTo(2);
  }

  @Test
  void anEntryWithTheSameReferenceIsPostedOnce() throws Exception {
    long org = books.org(false);
    List<Transfer> paid = List.of(new Transfer(AccountKind.CASH, AccountKind.RECEIVABLE, 5));
    long first = books.in(c -> Books.post(c, org, "payment", "bank 17", paid));
    assertThat(books.amount(c -> Books.post(c, org, "payment", "bank 17", paid))).isEqualTo(first);
    List<Transfer> other = List.of(new Transfer(AccountKind.CASH, AccountKind.RECEIVABLE, 6));
    assertThatThrownBy(() -> books.in(c -> Books.post(c, org, "payment", "bank 17", other)))
        .hasMessageContaining("reference of its own");
  }

  @Test
  void eachDaysRootIsSignedOnce() throws Exception {
    bank.settle(List.of(usage(books.org(false), id(), 10)));
    Roots roots =
        new Roots(books.database().dataSource(), TestBooks.OPTIONS, SigningKey.of(folder));
    assertThat(roots.signYesterday()).isTrue();
    assertThat(roots.signYesterday()).isFalse();
    assertThat(books.number("select heads from root")).isPositive();
  }
}
