package io.yuntai.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.AccountKind;
import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.EngineReceipt;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.Roots;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.Transfer;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.chain.SigningKey;
import io.yuntai.ledger.prices.MeteredTokens;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever changes a row behind the bank's back is found out. */
class VerificationTest {
  @TempDir static Path folder;
  private static TestBooks books;
  private static long org;

  @BeforeAll
  static void keepBooks() throws Exception {
    books = new TestBooks(folder);
    PostgresBank bank = books.bank();
    org = books.org(true);
    long wallet = books.counter(org, "money", true, 1000);
    books.credit(org, "paid", 1000);
    Node node = bank.register("node");
    Grant lease = bank.grant(node, TestBooks.exactly(wallet, 500), Duration.ofHours(1)).getFirst();
    for (int i = 0; i < 5; i++) {
      UUID id = TestBooks.id();
      bank.settle(List.of(TestBooks.usage(org, id, 20, new Draw(lease.leaseId(), wallet, 20))));
    }
    books.in(c ->
        Books.post(
            c,
            org,
            "service",
            "outage of May",
            List.of(new Transfer(AccountKind.SERVICE, AccountKind.RECEIVABLE, 3))));
    new Roots(books.database().dataSource(), TestBooks.OPTIONS, SigningKey.of(folder))
        .signYesterday();
    bank.settle(List.of(TestBooks.usage(org, TestBooks.id(), 0)));
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static List<String> broken() {
    return Verification.run(books.database().dataSource(), result -> {}).checks().stream()
        .filter(check -> !check.holds())
        .map(CheckResult::name)
        .toList();
  }

  @Test
  void requestsHaveTheirThreadsWhileChainsAreFollowed() throws Exception {
    try (Snapshot snapshot = Snapshot.take(books.database().dataSource())) {
      assertThat(snapshot.beside(_ -> Thread.currentThread().isVirtual()).get()).isFalse();
    }
  }

  /** As an owner of the database who has switched all rules off. */
  private static void tamper(String... statements) throws SQLException {
    try (Connection connection = books.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      for (String one : statements) {
        statement.execute(one);
      }
      statement.execute("set session_replication_role = default");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          counters-as-booked        | update counter set settled = settled - 1, leased = leased + 1
          leases-add-up             | update counter set leased = leased + 1
          leases-add-up             | update lease set returned = returned + 1
          epochs-were-given         | update lease set epoch = epoch + 1
          counters-within-organisations | update lease set org_id = 1
          usage-as-booked           | update usage_rec set amount_nano = amount_nano + 1
          chains-recompute          | update usage_rec set output = output + 1
          chains-recompute          | update usage_rec set at = at + interval '1 microsecond'
          chains-recompute          | update usage_rec set residue_pico = 1
          usage-within-organisations | update usage_rec set key_id = 77
          chains-recompute          | update transfer set amount_nano = amount_nano + 1 where debit = 'service'
          chains-recompute          | update ledger_tx set reference = 'outage of June' where kind = 'service'
          chains-recompute          | update ledger_tx set at = at + interval '1 hour'
          chains-recompute          | update ledger_tx set kind = 'payment' where kind = 'service'
          chains-recompute          | update counter_entry set late = late + 1
          chains-recompute          | update credit_entry set amount_nano = amount_nano + 1
          chains-recompute          | update chain_head set seq = seq + 1
          chains-recompute          | update ledger_tx set hash = sha256(hash)
          credit-as-booked          | update credit_used set used_nano = used_nano + 1
          prepaid-is-owed           | update credit_used set amount_nano = amount_nano + 1
          roots-recompute           | update root set signature = sha512(signature)
          roots-recompute           | update root set heads = heads + 1
          roots-recompute           | update root_head set hash = sha256(hash)
          chains-recompute          | delete from usage_rec where request_id = (select max(request_id::text)::uuid from usage_rec)
          chains-recompute          | delete from ledger_tx where seq = (select max(seq) from ledger_tx)
          """)
  void aChangedRowIsFound(String check, String change) throws Exception {
    assertThat(broken()).isEmpty();
    List<String> tables =
        List.of(
            "counter",
            "lease",
            "usage_rec",
            "transfer",
            "ledger_tx",
            "counter_entry",
            "credit_entry",
            "chain_head",
            "credit_used",
            "root",
            "root_head");
    for (String table : tables) {
      tamper("create table kept_" + table + " as select * from " + table);
    }
    try {
      tamper(change);
      assertThat(broken()).contains(check);
    } finally {
      for (String table : tables) {
        tamper(
            "delete from " + table,
            "insert into " + table + " overriding system value select * from kept_" + table,
            "drop table kept_" + table);
      }
    }
  }

  @Test
  void theFirstRowAtFaultIsNamed() throws Exception {
    String request = books.text("select min(request_id::text) from usage_rec");
    tamper("update usage_rec set input = input + 1 where request_id = '" + request + "'");
    CheckResult chains =
        Verification.run(books.database().dataSource(), result -> {}).checks().stream()
            .filter(check -> !check.holds())
            .findFirst()
            .orElseThrow();
    assertThat(chains.bad()).isEqualTo(1);
    assertThat(chains.firstBad()).contains("of organisation " + org, "its rows were changed");
    tamper("update usage_rec set input = input - 1 where request_id = '" + request + "'");
  }

  @Test
  void differencesBetweenWitnessesAreKeptUntilTheyAreGone() throws Exception {
    Duration back = Duration.ofHours(1);
    assertThat(Reconciliation.run(books.database().dataSource(), back)).isZero();
    tamper("update counter set leased = leased + 5");
    assertThat(Reconciliation.run(books.database().dataSource(), back)).isEqualTo(1);
    assertThat(Reconciliation.run(books.database().dataSource(), back)).isEqualTo(1);
    assertThat(books.text("select ours - theirs from recon where kind = 'counters-and-leases'"))
        .isEqualTo("5");
    tamper("update counter set leased = leased - 5");
    assertThat(Reconciliation.run(books.database().dataSource(), back)).isZero();
    assertThat(books.number("select count(*) from recon where resolved_at is null")).isZero();
  }

  @Test
  void usageAndReceiptsAreComparedRequestByRequest() throws Exception {
    long before = System.currentTimeMillis() - Duration.ofMinutes(10).toMillis();
    PostgresBank bank = books.bank();
    UUID unwitnessed = TestBooks.id(before);
    books.execute("update written_since set at = at - interval '1 day'");
    // Without prices there is one witness only, and nothing to compare.
    bank.settle(List.of(TestBooks.usage(org, TestBooks.id(before), 0)));
    assertThat(Reconciliation.run(books.database().dataSource(), Duration.ofHours(1))).isZero();
    UUID witnessed = TestBooks.id(before);
    UUID diedWithItsGateway = TestBooks.id(before);
    bank.settle(
        List.of(
            priced(unwitnessed, UsageStatus.COMPLETED),
            priced(witnessed, UsageStatus.COMPLETED),
            priced(diedWithItsGateway, UsageStatus.FAILED)));
    bank.keep(List.of(receipt(witnessed)));
    assertThat(Reconciliation.run(books.database().dataSource(), Duration.ofHours(1))).isEqualTo(1);
    assertThat(books.text("select subject || ' ' || ours from recon where resolved_at is null"))
        .isEqualTo("request " + unwitnessed + " 34");
    bank.keep(List.of(receipt(unwitnessed)));
    assertThat(Reconciliation.run(books.database().dataSource(), Duration.ofHours(1))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "prompts-and-receipts,  9, 34",
    "usage-and-receipts,   10, 33",
    "receipts-beyond-usage, 10, 35"
  })
  void whatEnginesCountOtherwiseIsADifference(String kind, int input, int generated)
      throws Exception {
    long before = System.currentTimeMillis() - Duration.ofMinutes(10).toMillis();
    books.execute("update written_since set at = at - interval '1 day'");
    PostgresBank bank = books.bank();
    UUID request = TestBooks.id(before);
    bank.settle(List.of(priced(request, UsageStatus.COMPLETED)));
    bank.keep(List.of(receipt(request, 0, new MeteredTokens(input, 3, 0, generated, 0))));
    assertThat(Reconciliation.run(books.database().dataSource(), Duration.ofHours(1))).isEqualTo(1);
    assertThat(books.text("select kind || ' ' || subject from recon where resolved_at is null"))
        .isEqualTo(kind + " request " + request);
    // Another attempt of the engine explains what it did more; nothing explains what it did less.
    bank.keep(List.of(receipt(request, 1, new MeteredTokens(13, 0, 0, 34, 0))));
    assertThat(Reconciliation.run(books.database().dataSource(), Duration.ofHours(1))).isZero();
  }

  private static UsageRecord priced(UUID request, UsageStatus status) {
    UsageRecord free = TestBooks.usage(org, request, 0);
    return new UsageRecord(
        request,
        org,
        0,
        0,
        0,
        free.at(),
        free.model(),
        7,
        free.serviceClass(),
        free.tokens(),
        0,
        0,
        status,
        List.of());
  }

  private static EngineReceipt receipt(UUID request) {
    return receipt(request, 0, new MeteredTokens(13, 0, 0, 30, 4));
  }

  private static EngineReceipt receipt(UUID request, int attempt, MeteredTokens tokens) {
    return new EngineReceipt(request, attempt, org, "engine", tokens, 0, 34, UsageStatus.COMPLETED);
  }
}
