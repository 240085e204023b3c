package io.yuntai.ledger.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.Ask;
import io.yuntai.ledger.bank.Books;
import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.Node;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.invoices.InvoiceException;
import io.yuntai.ledger.invoices.InvoiceStore;
import io.yuntai.ledger.invoices.Party;
import io.yuntai.ledger.invoices.StoredInvoice;
import io.yuntai.ledger.invoices.TaxRate;
import io.yuntai.ledger.money.FxRate;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.MoneyException;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.CommitmentPeriod;
import io.yuntai.ledger.prices.CommitmentStore;
import io.yuntai.ledger.prices.CommitmentTerms;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.FxRates;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.revenue.FiscalCalendar;
import io.yuntai.ledger.revenue.Revenue;
import io.yuntai.ledger.revenue.RevenueQuery;
import io.yuntai.ledger.revenue.RevenueReport;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of tenants (usage on time and too late, credit of each kind, invoices, credit
 * notes, payments, refunds, expiry, commitments): statements and revenue are what the books, the
 * invoices and the rows of usage say, to the nano.
 */
class RandomHistoryTest {
  private static final IsoCurrency CNY = IsoCurrency.of("CNY");
  private static final IsoCurrency USD = IsoCurrency.of("USD");
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final int STEPS = Integer.getInteger("yuntai.history.steps", 40);

  @TempDir static Path folder;
  private static TestBooks books;
  private static InvoiceStore invoices;
  private static PriceStore prices;
  private static CommitmentStore commitments;
  private static Accounts accounts;
  private static RateCards cards;
  private static PostgresBank bank;
  private static Node node;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    bank = books.bank();
    node = bank.register("test");
    Actor actor = new Actor("cli:tester", "local");
    prices = new PriceStore(books.database().dataSource(), actor);
    cards = new DatabaseRateCards(books.database().dataSource());
    invoices = new InvoiceStore(books.database().dataSource(), cards, actor);
    commitments = new CommitmentStore(books.database().dataSource(), actor);
    accounts = new Accounts(books.database().dataSource(), actor);
    invoices.taxRate("DE", new TaxRate("VAT", Ratio.of(19, 100)), BEGINNING);
    for (IsoCurrency currency : List.of(CNY, USD)) {
      String name = "list-" + currency.code().toLowerCase(Locale.ROOT);
      prices.draft(
          PriceListCsv.read(
              name,
              currency,
              ZoneOffset.UTC,
              BEGINNING,
              """
              model,meter,price,class,rule,tier_from,tier_to
              alpha,input,2.500001,,,,
              alpha,output,10.000003,,,,
              beta,input,1,,graduated,0,100000
              beta,input,0.7,,graduated,100000,
              beta,output,3,,,,
              """),
          "");
      prices.publish(name, 1, BEGINNING);
    }
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  /** A tenant and what happened to it. */
  private static final class Tenant {
    private final long org;
    private final boolean prepaid;
    private final IsoCurrency currency;
    private final long wallet;
    private final List<Long> grants = new ArrayList<>();
    private int references;

    Tenant(boolean prepaid, IsoCurrency currency) throws SQLException {
      this.prepaid = prepaid;
      this.currency = currency;
      org = books.org(prepaid);
      books.execute("update org set currency = '" + currency + "' where id = " + org);
      prices.agree(org, "list-" + currency.code().toLowerCase(Locale.ROOT), BEGINNING, List.of());
      invoices.party(org, new Party("Tenant " + org, List.of(), "", org % 2 == 0 ? "DE" : ""));
      wallet = books.counter(org, "money", prepaid, 1_000_000_000_000_000L);
    }

    /** One thing more. */
    void live(Random random) throws SQLException {
      switch (random.nextInt(prepaid ? 9 : 11)) {
        case 0, 1, 2, 3 -> use(random);
        case 4 -> issue(random);
        case 5 -> creditNote(random);
        case 6 ->
            accounts.paid(
                org, new Money(currency, 1L + random.nextInt(900_000_000)), "in " + ++references);
        case 7 -> refund(random);
        case 8 -> credit(random);
        case 9 -> expire(random);
        default -> commit(random);
      }
    }

    private void use(Random random) {
      List<UsageRecord> batch = new ArrayList<>();
      for (int request = random.nextInt(4); request >= 0; request--) {
        batch.add(usage(random));
      }
      assertThat(bank.settle(batch).quarantined()).isEmpty();
    }

    private UsageRecord usage(Random random) {
      Instant at = bank.now().truncatedTo(ChronoUnit.MICROS);
      String model = random.nextBoolean() ? "alpha" : "beta";
      RateCard card = cards.current(org, at);
      MeteredTokens tokens =
          new MeteredTokens(random.nextInt(60_000), 0, 0, random.nextInt(9_000), 0);
      Charge charge = card.rates(model, ServiceClass.REALTIME, at).orElseThrow().charge(tokens);
      List<Draw> draws = new ArrayList<>();
      if (charge.amountNano() > 0 && (prepaid || random.nextInt(3) == 0)) {
        // Half as much is held at times, so that the rest comes too late for its lease.
        long held = random.nextInt(4) == 0 ? charge.amountNano() / 2 + 1 : charge.amountNano();
        Grant grant =
            bank.grant(node, List.of(new Ask(wallet, held, held)), Duration.ofMinutes(5))
                .getFirst();
        draws.add(new Draw(grant.leaseId(), wallet, charge.amountNano()));
      }
      return new UsageRecord(
          TestBooks.id(),
          org,
          0,
          0,
          0,
          at,
          model,
          card.id(),
          random.nextInt(5) == 0 ? ServiceClass.BATCH : ServiceClass.REALTIME,
          tokens,
          charge.amountNano(),
          charge.residuePico(),
          UsageStatus.COMPLETED,
          draws);
    }

    private void issue(Random random) {
      Instant now = bank.now();
      try {
        StoredInvoice issued =
            invoices.issue(org, random.nextBoolean() ? now : now.minusMillis(random.nextInt(200)));
        assertThat(invoices.verify(issued.invoice().terms().number()).why())
            .contains("byte for byte");
      } catch (InvoiceException nothing) {
        assertThat(nothing).hasMessageMatching(".*(nothing|already|can have used).*");
      }
    }

    private void creditNote(Random random) {
      List<StoredInvoice> issued =
          invoices.list(org).stream()
              .filter(one -> one.invoice().terms().credit() == null)
              .toList();
      if (!issued.isEmpty()) {
        StoredInvoice one = issued.get(random.nextInt(issued.size()));
        try {
          invoices.credit(
              one.invoice().terms().number(), new Money(currency, 10_000_000), "slow answers");
        } catch (InvoiceException exhausted) {
          assertThat(exhausted).hasMessageContaining("left to give back");
        }
      }
    }

    private void refund(Random random) {
      try {
        accounts.refunded(
            org, new Money(currency, 1L + random.nextInt(50_000_000)), "out " + ++references);
      } catch (AccountException owing) {
        assertThat(owing).hasMessageContaining("too much");
      }
    }

    private void credit(Random random) throws SQLException {
      String kind = List.of("free", "plan", "promo", "paid").get(random.nextInt(4));
      grants.add(books.credit(org, kind, 1L + random.nextInt(400_000_000)));
    }

    private void expire(Random random) throws SQLException {
      if (!grants.isEmpty()) {
        long grant = grants.remove(random.nextInt(grants.size()));
        books.amount(connection -> Books.creditExpired(connection, org, grant));
      }
    }

    private void commit(Random random) {
      Instant next = bank.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
      try {
        commitments.agree(
            org,
            random.nextBoolean() ? "alpha" : "*",
            random.nextBoolean() ? CommitmentPeriod.MONTH : CommitmentPeriod.HOUR,
            switch (random.nextInt(3)) {
              case 0 -> new CommitmentTerms.FreeTokens(1L + random.nextInt(100_000));
              case 1 ->
                  new CommitmentTerms.Reservation(
                      1L + random.nextInt(100_000), 1L + random.nextInt(90_000_000));
              default ->
                  new CommitmentTerms.SavingsPlan(1L + random.nextInt(90_000_000), Ratio.of(7, 9));
            },
            random.nextInt(4) == 0 ? next : null);
      } catch (MoneyException refused) {
        assertThat(refused).hasMessageMatching(".*(already|holds for|begins and ends).*");
      }
    }

    /** What no invoice has had, from the rows alone. */
    private BigInteger notInvoiced() throws SQLException {
      if (prepaid) {
        return BigInteger.ZERO;
      }
      return new BigInteger(
          books.text(
              """
              with last as (
                select coalesce(max(upper(period)), '-infinity') as last_until, coalesce(max(seq), 0) as last_seq
                from invoice where credits is null and org_id = $1),
              late as (
                select coalesce(sum(f.amount_nano), 0) as nano from transfer f join ledger_tx t using (org_id, seq), last
                where org_id = $1 and t.kind = 'usage' and f.debit = 'loss' and seq > last.last_seq),
              credit as (
                select coalesce(sum(c.amount_nano), 0) as used,
                  coalesce(sum(c.amount_nano) filter (where seq <= last.last_seq), 0) as invoiced
                from credit_entry c join ledger_tx t using (org_id, seq), last where org_id = $1 and t.kind = 'usage')
              select (select coalesce(sum(u.amount_nano), 0) from usage_rec u, last
                  where u.org_id = $1 and (u.at >= last.last_until or u.seq > last.last_seq))
                - (select nano from late)
                - (select used - floor(invoiced / 10000000) * 10000000 from credit)\
              """
                  .replace("$1", Long.toString(org))));
    }

    private BigInteger balance(String account, boolean debit) throws SQLException {
      String sign = debit ? "" : "-";
      return new BigInteger(
          books.text(
              "select "
                  + sign
                  + "coalesce(sum(case when debit = '"
                  + account
                  + "' then amount_nano else -amount_nano end), 0) from transfer where org_id = "
                  + org
                  + " and '"
                  + account
                  + "' in (debit, credit)"));
    }

    /** Everything that a statement says, against books, rows and invoices. */
    void check() throws SQLException {
      Instant now = bank.now().plusSeconds(1);
      Statement whole = accounts.statement(org, Instant.EPOCH, now);
      assertThat(whole.opening().nano()).isZero();
      assertThat(whole.closing().owedNano()).isEqualTo(balance("receivable", true));
      assertThat(whole.closing().creditNano()).isEqualTo(balance("prepaid", false));
      assertThat(whole.closing().notInvoicedNano()).isEqualTo(notInvoiced());
      BigInteger due = BigInteger.ZERO;
      BigInteger coin = BigInteger.valueOf(currency.nanosPerMinor());
      for (StoredInvoice stored : invoices.list(org)) {
        due = due.add(stored.invoice().dueMinor().multiply(coin));
      }
      BigInteger documents = BigInteger.ZERO;
      for (StatementLine line : whole.lines()) {
        if (line.kind() == StatementLine.Kind.INVOICE
            || line.kind() == StatementLine.Kind.CREDIT_NOTE) {
          documents = documents.add(line.owedNano());
        }
        assertThat(line.kind()).isNotEqualTo(StatementLine.Kind.OTHER);
      }
      assertThat(documents).isEqualTo(due);
      // Rounding is rounding: nothing that settled too late is charged under its name.
      assertThat(balance("rounding", false).abs())
          .isLessThanOrEqualTo(coin.multiply(BigInteger.valueOf(invoices.list(org).size())));
      for (StatementFormat format : StatementFormat.values()) {
        assertThat(format.write(whole))
            .isEqualTo(format.write(accounts.statement(org, Instant.EPOCH, now)));
      }
      assertThat(new String(StatementFormat.CSV.write(whole), StandardCharsets.UTF_8))
          .contains("opening balance", "closing balance");
      // Statements that follow one another go on where the one before ended.
      long micros =
          books.number(
              "select (extract(epoch from at) * 1000000)::bigint from ledger_tx where org_id = "
                  + org
                  + " order by md5(seq::text) limit 1");
      Instant middle = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      Statement first = accounts.statement(org, Instant.EPOCH, middle);
      Statement second = accounts.statement(org, middle, now);
      assertThat(second.opening()).isEqualTo(first.closing());
      assertThat(second.closing()).isEqualTo(whole.closing());
    }
  }

  @Test
  void statementsAndRevenueAreWhatTheBooksSay() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("RandomHistoryTest seed " + seed);
    Random random = new Random(seed);
    List<Tenant> tenants =
        List.of(
            new Tenant(false, CNY),
            new Tenant(false, CNY),
            new Tenant(true, CNY),
            new Tenant(false, USD));
    for (Tenant tenant : tenants) {
      tenant.use(random); // so that each has a row
      for (int step = 0; step < STEPS; step++) {
        tenant.live(random);
      }
      tenant.check();
    }
    List<CheckResult> broken = new ArrayList<>();
    Verification.run(
        books.database().dataSource(),
        result -> {
          if (!result.holds()) {
            broken.add(result);
          }
        });
    assertThat(broken).isEmpty();
    checkRevenue(tenants);
  }

  private static void checkRevenue(List<Tenant> tenants) throws SQLException {
    Revenue revenue = new Revenue(books.database().dataSource());
    YearMonth month = YearMonth.now(ZoneOffset.UTC);
    FiscalCalendar quarters = new FiscalCalendar(FiscalCalendar.Step.QUARTER, 4);
    RevenueQuery inYuan =
        new RevenueQuery(
            RevenueQuery.By.TENANT,
            quarters,
            month.minusMonths(3),
            month.plusMonths(1),
            null,
            null);
    assertThatThrownBy(() -> revenue.report(inYuan))
        .hasMessageContaining("no exchange rate of USD");
    FxRates rates = new FxRates(books.database().dataSource());
    LocalDate before = month.minusMonths(14).atDay(1);
    rates.keep(new FxRate(USD, CNY, before, "PBOC", FxRate.parse("7.0965")));

    BigInteger sum = null;
    for (RevenueQuery.By by : RevenueQuery.By.values()) {
      RevenueReport report =
          revenue.report(
              new RevenueQuery(
                  by, quarters, month.minusMonths(3), month.plusMonths(1), null, null));
      BigInteger rows = BigInteger.ZERO;
      for (RevenueReport.Row row : report.rows()) {
        rows = rows.add(row.nano());
      }
      BigInteger totals = BigInteger.ZERO;
      for (RevenueReport.Total total : report.totals()) {
        totals = totals.add(total.usage()).add(total.adjustments());
      }
      assertThat(rows).isEqualTo(totals);
      assertThat(sum == null ? rows : sum).isEqualTo(rows);
      sum = rows;
      assertThat(report.rates()).extracting(RevenueReport.UsedRate::source).containsOnly("PBOC");
    }
    for (Tenant tenant : tenants) {
      checkTenant(revenue, tenant, month);
    }
  }

  /** In the tenant's own currency: invoices and what none has had, to the nano. */
  private static void checkTenant(Revenue revenue, Tenant tenant, YearMonth month)
      throws SQLException {
    BigInteger earned = BigInteger.ZERO;
    BigInteger coin = BigInteger.valueOf(tenant.currency.nanosPerMinor());
    for (StoredInvoice stored : invoices.list(tenant.org)) {
      if (stored.invoice().terms().credit() == null) {
        // What credit paid is revenue to the nano; the invoice says it in whole coins.
        earned =
            earned.add(
                tenant.prepaid
                    ? stored
                        .invoice()
                        .netMinor()
                        .subtract(stored.invoice().paidMinor())
                        .multiply(coin)
                    : stored.invoice().netMinor().multiply(coin));
      }
    }
    BigInteger used =
        new BigInteger(
            books.text("select sum(amount_nano) from usage_rec where org_id = " + tenant.org));
    BigInteger lost = tenant.balance("loss", true);
    if (tenant.prepaid) {
      earned = earned.add(used);
    } else {
      earned =
          earned
              .add(
                  new BigInteger(
                      books.text(
                          """
                          select coalesce(sum(u.amount_nano), 0) from usage_rec u, (
                            select coalesce(max(upper(period)), '-infinity') as last_until, coalesce(max(seq), 0) as last_seq
                            from invoice where credits is null and org_id = $1) last
                          where u.org_id = $1 and (u.at >= last.last_until or u.seq > last.last_seq)\
                          """
                              .replace("$1", Long.toString(tenant.org)))))
              // Invoices take off what settled too late.
              .add(
                  new BigInteger(
                      books.text(
                          """
                          select coalesce(sum(f.amount_nano), 0) from transfer f join ledger_tx t using (org_id, seq)
                          where org_id = $1 and t.kind = 'usage' and f.debit = 'loss'
                            and seq <= (select coalesce(max(seq), 0) from invoice where credits is null and org_id = $1)\
                          """
                              .replace("$1", Long.toString(tenant.org)))));
    }
    String name = books.text("select name from org where id = " + tenant.org);
    RevenueReport report =
        revenue.report(
            new RevenueQuery(
                RevenueQuery.By.TENANT,
                new FiscalCalendar(FiscalCalendar.Step.MONTH, 1),
                month.minusMonths(1),
                month.plusMonths(1),
                tenant.currency,
                null));
    BigInteger reported = BigInteger.ZERO;
    for (RevenueReport.Row row : report.rows()) {
      reported = reported.add(row.name().equals(name) ? row.nano() : BigInteger.ZERO);
    }
    assertThat(reported.add(tenant.balance("rounding", false))).isEqualTo(earned);
    assertThat(lost.signum()).isNotNegative();
  }
}
