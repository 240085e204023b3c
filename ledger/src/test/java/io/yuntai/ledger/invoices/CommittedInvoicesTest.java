package io.yuntai.ledger.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.Commitment;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentStore;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commitments in the database, on invoices of usage that a real bank has settled. */
class CommittedInvoicesTest {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir static Path folder;
  private static TestBooks books;
  private static InvoiceStore invoices;
  private static PriceStore prices;
  private static CommitmentStore commitments;
  private static RateCards cards;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    Actor actor = new Actor("cli:tester", "local");
    prices = new PriceStore(books.database().dataSource(), actor);
    cards = new DatabaseRateCards(books.database().dataSource());
    invoices = new InvoiceStore(books.database().dataSource(), cards, actor);
    commitments = new CommitmentStore(books.database().dataSource(), actor);
    prices.draft(
        PriceListCsv.read(
            "list",
            IsoCurrency.of("CNY"),
            ZoneOffset.UTC,
            BEGINNING,
            "model,input,output\nalpha,2.5,10\nbeta,1,1\n"),
        "");
    prices.publish("list", 1, BEGINNING);
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  /** The ledger holds with what invoices add to it. */
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

  private static long tenant() throws SQLException {
    long org = books.org(false);
    prices.agree(org, "list", BEGINNING, List.of());
    return org;
  }

  private static void use(long org, String model, int input, int output) {
    Instant at = books.bank().now();
    RateCard card = cards.current(org, at);
    MeteredTokens tokens = new MeteredTokens(input, 0, 0, output, 0);
    Charge charge = card.rates(model, ServiceClass.REALTIME, at).orElseThrow().charge(tokens);
    UsageRecord usage =
        new UsageRecord(
            TestBooks.id(),
            org,
            0,
            0,
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
    assertThat(books.bank().settle(List.of(usage)).quarantined()).isEmpty();
  }

  private static Invoice issue(long org) {
    Invoice invoice = invoices.issue(org, books.bank().now()).invoice();
    assertThat(invoices.verify(invoice.terms().number()).why()).contains("byte for byte");
    return invoice;
  }

  private static long owedNano(long org) throws SQLException {
    return books.number(
        "select coalesce(sum(case when debit = 'receivable' then amount_nano else -amount_nano end), 0)"
            + " from transfer where 'receivable' in (debit, credit) and org_id = "
            + org);
  }

  @Test
  void freeTokensGoOnWhereTheInvoiceBeforeLeftThem() throws Exception {
    long org = tenant();
    commitments.agree(
        org, "alpha", CommitmentPeriod.MONTH, new CommitmentTerms.FreeTokens(1_500_000), null);
    use(org, "alpha", 1_000_000, 0); // free
    use(org, "beta", 1_000_000, 0); // 1.00
    Invoice first = issue(org);
    use(org, "alpha", 1_000_000, 0); // half of it is free: 1.25
    Invoice second = issue(org);
    use(org, "alpha", 400_000, 0); // nothing left: 1.00
    Invoice third = issue(org);

    assertThat(first.totalMinor()).isEqualTo(BigInteger.valueOf(100));
    assertThat(second.totalMinor()).isEqualTo(BigInteger.valueOf(125));
    assertThat(third.totalMinor()).isEqualTo(BigInteger.valueOf(100));
    assertThat(owedNano(org)).isEqualTo(3_250_000_000L);
    assertThat(second.terms().covered())
        .extracting(CoveredUnits::units)
        .containsExactly(BigInteger.valueOf(1_000_000));
    InvoiceLine free = second.lines().getLast();
    List<InvoiceStore.Reason> reasons = new ArrayList<>();
    invoices.why(second.terms().number(), free.number(), reasons::add);
    assertThat(reasons)
        .singleElement()
        .satisfies(reason -> {
          assertThat(reason.units()).isEqualTo(500_000);
          assertThat(reason.exactPico()).isEqualTo(free.exactPico());
          assertThat(reason.book()).isEqualTo("list@1");
        });
    assertThat(invoices.story(second.terms().number(), free.number()))
        .contains("free_tokens alpha by month")
        .contains("500000 (earlier invoices had 1000000)");
  }

  @Test
  void feesAreOnTheInvoiceInWhoseTimeTheirPeriodBegins() throws Exception {
    long org = tenant();
    commitments.agree(
        org,
        "alpha",
        CommitmentPeriod.MONTH,
        new CommitmentTerms.Reservation(1_000_000, 2_000_000_000),
        null);
    Invoice fee = issue(org); // though nothing was used
    use(org, "alpha", 900_000, 200_000); // 2.25 + 2.00, of which 2.25 + 1.00 is reserved
    Invoice usage = issue(org);

    assertThat(fee.totalMinor()).isEqualTo(BigInteger.valueOf(200));
    assertThat(fee.lines())
        .extracting(InvoiceLine::meter)
        .containsExactly("reservation by the month");
    assertThat(usage.totalMinor()).isEqualTo(BigInteger.valueOf(100));
    assertThat(owedNano(org)).isEqualTo(3_000_000_000L);
  }

  @Test
  void aSavingsPlanIsPaidWhetherItIsUsedOrNot() throws Exception {
    long org = tenant();
    Instant month = BEGINNING;
    Commitment plan =
        commitments.agree(
            org,
            "*",
            CommitmentPeriod.MONTH,
            new CommitmentTerms.SavingsPlan(4_000_000_000L, Ratio.of(4, 5)),
            null);
    assertThat(plan.from()).isAfterOrEqualTo(month);
    use(org, "alpha", 1_000_000, 1_000_000); // 12.50, of which 5.00 costs 4.00
    Invoice invoice = issue(org);

    assertThat(invoice.totalMinor()).isEqualTo(BigInteger.valueOf(1_150));
    String focus =
        new String(
            invoices.find(invoice.terms().number()).export(InvoiceFormat.FOCUS_1_2),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(focus).contains("CommitmentDiscountCategory").contains("Purchase").contains("Spend");
    assertThat(invoices.find(invoice.terms().number()).export(InvoiceFormat.PDF)).isNotEmpty();
  }

  @Test
  void whatAnInvoiceHasHadNoCommitmentChanges() throws Exception {
    long org = tenant();
    use(org, "beta", 1_000_000, 0);
    issue(org);
    CommitmentTerms terms = new CommitmentTerms.FreeTokens(10);

    assertThatThrownBy(() -> commitments.agree(org, "*", CommitmentPeriod.MONTH, terms, null))
        .hasMessageContaining("on an invoice already");
    Instant next = books.bank().now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    Commitment agreed = commitments.agree(org, "*", CommitmentPeriod.HOUR, terms, next);
    assertThatThrownBy(() -> commitments.agree(org, "*", CommitmentPeriod.HOUR, terms, next))
        .hasMessageContaining("Commitment " + agreed.id() + " of this kind");
    assertThatThrownBy(
            () -> commitments.agree(org, "beta", CommitmentPeriod.HOUR, terms, next.plusSeconds(1)))
        .hasMessageContaining("begins and ends with one");
    assertThatThrownBy(() -> commitments.end(agreed.id(), next)).hasMessageContaining("can't end");
    Commitment ended = commitments.end(agreed.id(), null);
    assertThat(ended.until()).isEqualTo(next.plus(1, ChronoUnit.HOURS));
    assertThatThrownBy(() -> commitments.end(agreed.id(), null)).hasMessageContaining("ends at");
    assertThat(commitments.list(org)).containsExactly(ended);
    assertThatThrownBy(() -> books.execute("update commitment set tokens = 99"))
        .hasMessageContaining("only the end");
    assertThatThrownBy(() -> books.execute("delete from commitment"))
        .hasMessageContaining("never changed");
    assertThatThrownBy(() -> new CommitmentTerms.SavingsPlan(1, Ratio.of(6, 5)))
        .hasMessageContaining("not more than 100%");
  }
}
