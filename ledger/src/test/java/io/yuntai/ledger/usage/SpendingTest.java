package io.yuntai.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.budgets.BudgetTarget;
import io.yuntai.ledger.budgets.BudgetText;
import io.yuntai.ledger.budgets.Budgets;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.invoices.Invoice;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.Party;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.Tenancy;
import io.yuntai.ledger.verify.OpenMatters;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tree of what was spent, and the proof of each of its requests. */
class SpendingTest {
  private static final Actor TESTER = new Actor("cli:tester", "local");
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PRICES =
      """
      model,input,output,cache_hit
      alpha,2.5,10.000001,0.25
      beta,0.000001,0.000001,
      """;

  @TempDir static Path folder;
  private static TestBooks books;
  private static Transactions database;
  private static InvoiceStore invoices;
  private static PriceStore prices;
  private static RateCards cards;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    database = new Transactions(books.database().dataSource());
    prices = new PriceStore(books.database().dataSource(), TESTER);
    cards = new DatabaseRateCards(books.database().dataSource());
    invoices = new InvoiceStore(books.database().dataSource(), cards, TESTER);
    prices.draft(
        PriceListCsv.read(
            "list", IsoCurrency.of("CNY"), ZoneId.of("Asia/Shanghai"), LONG_AGO, PRICES),
        "");
    prices.publish("list", 1, LONG_AGO);
    invoices.party(1, new Party("Seller", List.of(), "", "CN"));
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static Organisation tenant() throws SQLException {
    long org = books.org(false);
    prices.agree(org, "list", LONG_AGO, List.of());
    return new Tenancy(database)
        .organisations()
        .find(books.text("select name from org where id = " + org));
  }

  private static UsageRecord usage(Organisation org, String model, int input, int output) {
    return usage(org, 0, model, input, output);
  }

  private static UsageRecord usage(
      Organisation org, long person, String model, int input, int output) {
    Instant at = books.bank().now();
    RateCard card = cards.current(org.id(), at);
    MeteredTokens tokens = new MeteredTokens(input, input / 3, 0, output, output / 7);
    Charge charge = card.rates(model, ServiceClass.REALTIME, at).orElseThrow().charge(tokens);
    return new UsageRecord(
        TestBooks.id(),
        org.id(),
        0,
        person,
        0,
        at.truncatedTo(ChronoUnit.MICROS),
        model,
        card.id(),
        ServiceClass.REALTIME,
        tokens,
        charge.amountNano(),
        charge.residuePico(),
        UsageStatus.COMPLETED,
        List.of());
  }

  private static void settle(UsageRecord... usage) {
    assertThat(books.bank().settle(List.of(usage)).quarantined()).isEmpty();
  }

  @Test
  void theTreeIsTheInvoiceToTheLastDigit() throws Exception {
    Organisation org = tenant();
    settle(
        usage(org, "alpha", 1_000_000, 200_000),
        usage(org, "alpha", 7, 3),
        usage(org, "beta", 5, 1),
        usage(tenant(), "beta", 5, 1));
    Instant now = books.bank().now();
    Spending spending = new Spending(database);
    List<SpendLeaf> leaves =
        spending.leaves(org, now.minus(Duration.ofDays(1)), now.plusSeconds(1));
    assertThat(leaves).extracting(SpendLeaf::model).containsExactly("alpha", "beta");
    assertThat(leaves).extracting(SpendLeaf::requests).containsExactly(2L, 1L);
    BigDecimal sum =
        leaves.stream().map(SpendLeaf::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    Invoice invoice = invoices.issue(org.id(), books.bank().now()).invoice();
    assertThat(sum.unscaledValue()).isEqualTo(invoice.exactPico()).isNotEqualTo(BigInteger.ZERO);
    assertThat(spending.since(org, now.minus(Duration.ofDays(1)))).isEqualTo(sum);
    assertThat(spending.sinceByCurrency(now.minus(Duration.ofDays(1))))
        .singleElement()
        .satisfies(all -> assertThat(all.amount()).isGreaterThan(sum));
  }

  @Test
  void whatAPersonAskedWithoutAKeyIsThePersons() throws Exception {
    Organisation org = tenant();
    long person =
        Long.parseLong(
            books.text("insert into app_user (email) values ('ann@example.com') returning id"));
    settle(
        usage(org, person, "alpha", 7, 3),
        usage(org, person, "alpha", 8, 3),
        usage(org, "alpha", 9, 3));
    Instant now = books.bank().now();
    List<SpendLeaf> leaves =
        new Spending(database).leaves(org, now.minus(Duration.ofDays(1)), now.plusSeconds(1));
    assertThat(leaves).extracting(SpendLeaf::person).containsExactly("", "ann@example.com");
    assertThat(leaves).extracting(SpendLeaf::requests).containsExactly(1L, 2L);
  }

  @Test
  void stepsTileTheStretchAndHoldEveryRequest() throws Exception {
    Organisation org = tenant();
    settle(usage(org, "alpha", 10, 2), usage(org, "beta", 5, 1));
    Instant to = Instant.now().plus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.MINUTES);
    Instant from = to.minus(Duration.ofHours(1));
    List<UsageStep> steps = new Spending(database).steps(org, from, to, Duration.ofMinutes(10));
    assertThat(steps).hasSize(6).extracting(UsageStep::from).isSorted().startsWith(from);
    assertThat(steps.stream().mapToLong(UsageStep::requests).sum()).isEqualTo(2);
    assertThat(steps.stream().mapToLong(UsageStep::tokens).sum()).isEqualTo(13 + 2 + 6 + 1);
  }

  @Test
  void aRequestsPartsAreItsAmountAndItsEntryIsInTheChain() throws Exception {
    Organisation org = tenant();
    UsageRecord one = usage(org, "alpha", 1234, 77);
    settle(one);
    RequestProofs proofs = new RequestProofs(database, cards);
    ProvenRequest proof = proofs.find(org, one.requestId()).orElseThrow();
    assertThat(proof.row().amount()).isEqualByComparingTo(proof.prices().orElseThrow().sum());
    assertThat(proof.prices().orElseThrow().book()).isEqualTo("list@1");
    assertThat(proof.entry().kind()).isEqualTo("usage");
    assertThat(proof.entry().hash()).matches("[0-9a-f]{64}");
    assertThat(proof.entry().lines())
        .anySatisfy(line -> assertThat(line.credit()).isEqualTo("revenue"));
    assertThat(proofs.find(tenant(), one.requestId())).isEmpty();
  }

  @Test
  void whatIsOpenIsToldWithItsAge() throws Exception {
    Organisation org = tenant();
    assertThat(OpenMatters.read(database, org.id()))
        .isEqualTo(new OpenMatters(List.of(), List.of(), List.of(), List.of()));
    new Budgets(database)
        .set(
            TESTER,
            org,
            BudgetTarget.ORG,
            BudgetText.parse("100 tokens/month", IsoCurrency.of("CNY")),
            ExpectedVersion.ANY);
    books.execute(
        "insert into recon (org_id, kind, subject, ours, theirs) values (%d, 'usage-and-transfers', 'entry 3', 5, 4)"
            .formatted(org.id()));
    OpenMatters open = OpenMatters.read(database, org.id());
    assertThat(open.differences())
        .singleElement()
        .satisfies(matter -> {
          assertThat(matter.tenant()).isEqualTo(org.name());
          assertThat(matter.detail()).isEqualTo("entry 3: 5 / 4");
        });
    assertThat(OpenMatters.read(database, 0).differences()).isNotEmpty();
    books.execute("delete from recon");
  }
}
