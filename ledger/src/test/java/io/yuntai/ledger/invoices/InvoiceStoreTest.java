package io.yuntai.ledger.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.money.IsoCurrency;
import io.yuntai.ledger.money.Money;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.BookVersion;
import io.yuntai.ledger.prices.Charge;
import io.yuntai.ledger.prices.DatabaseRateCards;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.PriceListCsv;
import io.yuntai.ledger.prices.PriceStore;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.RateCards;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.retention.Retention;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invoices of usage that a real bank has settled. */
class InvoiceStoreTest {
  private static final String PRICES =
      """
      model,input,output,cache_hit
      alpha,2.5,10.000001,0.25
      beta,0.000001,0.000001,
      """;

  @TempDir static Path folder;
  private static TestBooks books;
  private static InvoiceStore invoices;
  private static PriceStore prices;
  private static RateCards cards;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    Actor actor = new Actor("cli:tester", "local");
    prices = new PriceStore(books.database().dataSource(), actor);
    cards = new DatabaseRateCards(books.database().dataSource());
    invoices = new InvoiceStore(books.database().dataSource(), cards, actor);
    prices.draft(
        PriceListCsv.read(
            "list",
            IsoCurrency.of("CNY"),
            ZoneId.of("Asia/Shanghai"),
            Instant.parse("2026-01-01T00:00:00Z"),
            PRICES),
        "");
    prices.publish("list", 1, Instant.parse("2026-01-01T00:00:00Z"));
    invoices.party(1, new Party("Seller", List.of(), "", "CN"));
    invoices.taxRate(
        "DE", new TaxRate("VAT", Ratio.of(19, 100)), Instant.parse("2026-01-01T00:00:00Z"));
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

  private static long tenant(boolean prepaid) throws SQLException {
    long org = books.org(prepaid);
    prices.agree(org, "list", Instant.parse("2026-01-01T00:00:00Z"), List.of());
    return org;
  }

  private static UsageRecord usage(long org, String model, int input, int output, Instant at) {
    RateCard card = cards.current(org, at);
    MeteredTokens tokens = new MeteredTokens(input, input / 3, 0, output, output / 7);
    Charge charge = card.rates(model, ServiceClass.REALTIME, at).orElseThrow().charge(tokens);
    return new UsageRecord(
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
  }

  private static void settle(UsageRecord... usage) {
    assertThat(books.bank().settle(List.of(usage)).quarantined()).isEmpty();
  }

  private static UsageRecord daysAgo(int days, UsageRecord usage) {
    Instant at = usage.at().minus(days, ChronoUnit.DAYS);
    return new UsageRecord(
        TestBooks.id(at.toEpochMilli()),
        usage.orgId(),
        0,
        0,
        0,
        at,
        usage.model(),
        usage.rateCardId(),
        usage.serviceClass(),
        usage.tokens(),
        usage.amountNano(),
        usage.residuePico(),
        usage.status(),
        List.of());
  }

  @Test
  void anInvoiceOfArchivedDaysComesOutAgainFromTheirFiles() throws Exception {
    long org = tenant(false);
    long other = tenant(false);
    Instant now = books.bank().now();
    settle(
        daysAgo(30, usage(org, "alpha", 1_000_000, 200_000, now)),
        daysAgo(30, usage(other, "alpha", 17, 5, now)),
        daysAgo(29, usage(org, "beta", 70_000_000, 3, now)),
        usage(org, "alpha", 5, 1, now));
    String number = invoices.issue(org, books.bank().now()).invoice().terms().number();
    Path archive = folder.resolve("archive");
    List<Path> files = new ArrayList<>();
    new Retention(books.database().dataSource(), archive)
        .sealUsage(20, sealed -> files.add(sealed.file()));
    assertThat(files).hasSize(2);

    assertThat(invoices.verify(number).why()).contains("--archive");
    for (int time = 0; time < 7; time++) { // statements are prepared on the way
      assertThat(invoices.verify(number, archive).why()).contains("from 3 requests, byte for byte");
    }
    assertThat(invoices.verify(number).holds()).as("the files are gone again").isFalse();
    byte[] right = Files.readAllBytes(files.getLast());
    byte[] wrong = right.clone();
    wrong[9] ^= 1; // of gzip's header: what is packed stays as it was
    Files.write(files.getLast(), wrong);
    assertThat(invoices.verify(number, archive).why()).contains("not the file that was sealed");
    Files.write(files.getLast(), Arrays.copyOf(right, right.length / 2));
    assertThat(invoices.verify(number, archive).why()).contains("can't be read");
    Files.delete(files.getLast());
    assertThat(invoices.verify(number, archive).why())
        .contains(files.getLast().getFileName().toString());
    Files.write(files.getLast(), right);
    assertThat(invoices.verify(number, archive).holds()).isTrue();
  }

  @Test
  void anInvoiceIsItsRequestsAndComesOutAgainByteForByte() throws Exception {
    long org = tenant(false);
    invoices.party(org, new Party("Acme GmbH", List.of("Köln"), "DE1", "DE"));
    Instant now = books.bank().now();
    settle(
        usage(org, "alpha", 1_000_000, 200_000, now),
        usage(org, "alpha", 7, 3, now),
        usage(org, "beta", 5, 1, now));
    StoredInvoice issued = invoices.issue(org, books.bank().now());
    Invoice invoice = issued.invoice();

    assertThat(invoice.requests()).isEqualTo(3);
    assertThat(invoice.lines()).extracting(InvoiceLine::model).contains("alpha", "beta");
    assertThat(invoice.terms().taxes()).containsExactly(new TaxRate("VAT", Ratio.of(19, 100)));
    assertThat(invoice.dueMinor()).isEqualTo(invoice.totalMinor());
    assertThat(invoices.verify(invoice.terms().number()).why()).contains("byte for byte");
    assertThat(invoices.find(invoice.terms().number()).body()).isEqualTo(issued.body());
    assertThat(issued.export(InvoiceFormat.JSON))
        .isEqualTo(issued.body().getBytes(StandardCharsets.UTF_8));
    assertThat(
            books.text(
                "select string_agg(action, ' ' order by id) from audit_event where org_id = "
                    + org))
        .isEqualTo("contract.agree party.change invoice.issue");
    long owed =
        books.number(
            "select coalesce(sum(case when debit = 'receivable' then amount_nano else -amount_nano end), 0)"
                + " from transfer where 'receivable' in (debit, credit) and org_id = "
                + org);
    assertThat(BigInteger.valueOf(owed))
        .isEqualTo(invoice.totalMinor().multiply(BigInteger.valueOf(10_000_000)));
  }

  /** I14: late rows go to the next invoice, with their own time; none is in two. */
  @Test
  void everyRequestIsInExactlyOneInvoice() throws Exception {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("InvoiceStoreTest seed " + seed);
    Random random = new Random(seed);
    long org = tenant(false);
    List<Instant> times = new ArrayList<>();
    List<UUID> used = new ArrayList<>();
    List<UUID> invoiced = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      for (int request = 1 + random.nextInt(4); request >= 0; request--) {
        times.add(books.bank().now());
        UsageRecord one = usage(org, "alpha", 50, 9, times.get(random.nextInt(times.size())));
        used.add(one.requestId());
        settle(one);
      }
      Instant until = random.nextBoolean() ? books.bank().now() : times.getLast();
      try {
        StoredInvoice issued = invoices.issue(org, until);
        invoices.why(
            issued.invoice().terms().number(),
            1,
            reason -> invoiced.add(reason.usage().requestId()));
      } catch (InvoiceException nothing) {
        assertThat(nothing).hasMessageMatching(".*(nothing to invoice|already).*");
      }
    }
    UsageRecord one = usage(org, "alpha", 50, 9, times.getFirst()); // so that there is a last one
    used.add(one.requestId());
    settle(one);
    StoredInvoice last = invoices.issue(org, books.bank().now());
    invoices.why(
        last.invoice().terms().number(), 1, reason -> invoiced.add(reason.usage().requestId()));

    assertThat(invoiced).doesNotHaveDuplicates();
    assertThat(used).containsAll(invoiced);
    long rows = invoices.list(org).stream().mapToLong(stored -> stored.invoice().requests()).sum();
    assertThat(rows).isEqualTo(used.size());
    for (StoredInvoice stored : invoices.list(org)) {
      assertThat(invoices.verify(stored.invoice().terms().number()).holds()).isTrue();
    }
  }

  @Test
  void whatPrepaidTenantsUsedIsPaidAlready() throws Exception {
    long org = tenant(true);
    books.credit(org, "paid", 100_000_000_000L);
    settle(usage(org, "alpha", 2_000_000, 1_000, books.bank().now()));
    Invoice invoice = invoices.issue(org, books.bank().now()).invoice();

    assertThat(invoice.netMinor()).isPositive();
    assertThat(invoice.dueMinor()).isZero();
    assertThat(invoices.verify(invoice.terms().number()).holds()).isTrue();
  }

  @Test
  void creditThatPaidIsTakenOff() throws Exception {
    long org = tenant(false);
    books.credit(org, "promo", 1_000_000_000L);
    settle(usage(org, "alpha", 2_000_000, 0, books.bank().now()));
    Invoice invoice = invoices.issue(org, books.bank().now()).invoice();

    assertThat(invoice.paidMinor()).isEqualTo(BigInteger.valueOf(100));
    assertThat(invoice.dueMinor()).isEqualTo(invoice.netMinor().subtract(invoice.paidMinor()));
    assertThat(invoices.verify(invoice.terms().number()).holds()).isTrue();
  }

  @Test
  void creditNotesGiveBackAtMostTheInvoice() throws Exception {
    long org = tenant(false);
    invoices.party(org, new Party("Acme", List.of(), "", "DE"));
    settle(usage(org, "alpha", 3_000_000, 0, books.bank().now()));
    String number = invoices.issue(org, books.bank().now()).invoice().terms().number();
    Money two = Money.parse(IsoCurrency.of("CNY"), "2");
    StoredInvoice part = invoices.credit(number, two, "slow answers");
    StoredInvoice rest = invoices.credit(number, null, "all of it");
    Invoice whole = invoices.find(number).invoice();

    assertThat(part.invoice().netMinor()).isEqualTo(BigInteger.valueOf(-200));
    assertThat(part.invoice().totalMinor().add(rest.invoice().totalMinor()).negate())
        .isEqualTo(whole.totalMinor());
    assertThat(invoices.verify(rest.invoice().terms().number()).holds()).isTrue();
    assertThatThrownBy(() -> invoices.credit(number, two, "again"))
        .hasMessageContaining("0.00 left");
    assertThatThrownBy(
            () -> invoices.credit(rest.invoice().terms().number(), two, "note of a note"))
        .hasMessageContaining("credit note itself");
    assertThatThrownBy(() -> invoices.find("INV-1999-000001")).hasMessageContaining("no invoice");
  }

  @Test
  void numbersHaveNoGapsHoweverManyIssueAtOnce() throws Exception {
    List<Long> orgs = new ArrayList<>();
    for (int org = 0; org < 8; org++) {
      orgs.add(tenant(false));
      if (org % 2 == 0) { // the others have nothing to invoice, and take no number with them
        settle(usage(orgs.getLast(), "alpha", 100_000, 1, books.bank().now()));
      }
    }
    Instant until = books.bank().now();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> tries = new ArrayList<>();
      for (long org : orgs) {
        Callable<Boolean> issue =
            () -> {
              try {
                invoices.issue(org, until);
                return true;
              } catch (InvoiceException nothing) {
                return false;
              }
            };
        tries.add(threads.submit(issue));
        tries.add(threads.submit(issue));
      }
      int issued = 0;
      for (Future<Boolean> one : tries) {
        issued += one.get() ? 1 : 0;
      }
      assertThat(issued).isEqualTo(4);
    }
    assertThat(invoices.gaps()).isEmpty();
    assertThat(
            books.number(
                "select count(*) - max(last_number) from invoice, invoice_series s"
                    + " where invoice.series = s.series and s.series like 'INV-%' group by s.series"))
        .isZero();
  }

  @Test
  void issuedInvoicesNeverChangeAndATouchedRowIsFound() throws Exception {
    long org = tenant(false);
    UsageRecord usage = usage(org, "alpha", 1_000, 10, books.bank().now());
    settle(usage, usage(org, "alpha", 10, 1, books.bank().now()));
    String number = invoices.issue(org, books.bank().now()).invoice().terms().number();

    for (String change :
        List.of(
            "update invoice set total_minor = 0",
            "delete from invoice where number = '" + number + "'",
            "truncate invoice cascade")) {
      assertThatThrownBy(() -> books.execute(change)).hasMessageContaining("never changed");
    }
    String row = " where request_id = '" + usage.requestId() + "'";
    asOwner("update usage_rec set output = output + 1" + row);
    assertThat(invoices.verify(number).why()).contains(usage.requestId().toString());
    asOwner("update usage_rec set output = output - 1, key_id = 5" + row);
    assertThat(invoices.verify(number).why()).contains("inputs_sha256");
    asOwner("update usage_rec set key_id = 0" + row);
    assertThat(invoices.verify(number).holds()).isTrue();
  }

  /** As somebody could who owns the database and switches its triggers off. */
  private static void asOwner(String change) throws SQLException {
    try (Connection connection = books.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      statement.execute(change);
      statement.execute("set session_replication_role = origin");
    }
  }

  @Test
  void whatCanNotBeInvoicedIsRefusedInOneSentence() throws Exception {
    long org = tenant(false);
    assertThatThrownBy(() -> invoices.issue(org, null))
        .hasMessageContaining("can have used nothing before");
    assertThatThrownBy(() -> invoices.issue(org, Instant.now().plus(9, ChronoUnit.DAYS)))
        .hasMessageContaining("must wait");
    assertThatThrownBy(() -> invoices.issue(org, books.bank().now()))
        .hasMessageContaining("nothing to invoice");
    assertThatThrownBy(() -> invoices.issue(99_999, null)).hasMessageContaining("no organisation");
    assertThatThrownBy(
            () -> invoices.taxRate("DE", new TaxRate("VAT", Ratio.of(3, 2)), Instant.now()))
        .hasMessageContaining("absurd");
  }

  @Test
  void aSimulationTellsWhatUsageWouldHaveCost() throws Exception {
    long org = tenant(false);
    Instant from = books.bank().now();
    settle(usage(org, "alpha", 1_000_000, 0, from), usage(org, "beta", 10, 1, from));
    BookVersion dearer =
        prices.draft(
            PriceListCsv.read(
                "dearer",
                IsoCurrency.of("CNY"),
                ZoneId.of("UTC"),
                Instant.now(),
                "model,input,output\nalpha,5,5\n"),
            "");
    List<Simulation.Line> lines =
        Simulation.run(
            books.database().dataSource(),
            org,
            from.minusSeconds(60),
            from.plusSeconds(600),
            PriceStore.supposed(dearer.book(), List.of()));

    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().supposedPico()).isGreaterThan(lines.getFirst().chargedPico());
    assertThat(lines.getLast().unpriced()).isEqualTo(1);
  }
}
