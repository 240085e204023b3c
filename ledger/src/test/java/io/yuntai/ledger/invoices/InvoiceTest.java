package io.yuntai.ledger.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.documents.CsvText;
import io.yuntai.ledger.money.Ratio;
import io.yuntai.ledger.prices.RateCard;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InvoiceTest {
  private static Random random() {
    long seed = Long.getLong("yuntai.seed", System.nanoTime());
    System.out.println("InvoiceTest seed " + seed);
    return new Random(seed);
  }

  /** I13. */
  @Test
  void linesAddUpToTheTotalWhichIsOffByHalfACoinAtMost() {
    Random random = random();
    for (int round = 0; round < 200; round++) {
      Invoice invoice = TestInvoices.invoice(random, 1 + random.nextInt(50), TestInvoices.vat());
      BigInteger coin = Invoice.picosPerMinor(invoice.terms());
      BigInteger lines =
          invoice.lines().stream().map(InvoiceLine::minor).reduce(BigInteger.ZERO, BigInteger::add);
      BigInteger exact =
          invoice.lines().stream()
              .map(InvoiceLine::exactPico)
              .reduce(BigInteger.ZERO, BigInteger::add);

      assertThat(lines).isEqualTo(invoice.netMinor());
      assertThat(exact).isEqualTo(invoice.exactPico());
      assertThat(lines.multiply(coin).subtract(exact).abs().shiftLeft(1)).isLessThanOrEqualTo(coin);
      assertThat(invoice.totalMinor())
          .isEqualTo(invoice.netMinor().add(invoice.taxes().getFirst().minor()));
    }
  }

  /** I4 and I13: what requests were charged is what lines without monthly prices come to. */
  @Test
  void chargesAddUpToTheExactSumInAnyOrder() {
    Random random = random();
    RateCard card = TestInvoices.card();
    UsageSum sum = new UsageSum(TestInvoices.only(card));
    BigInteger exact = BigInteger.ZERO;
    for (int request = 0; request < 500; request++) {
      UsageRecord usage = TestInvoices.usage(card, random, request);
      exact =
          exact
              .add(BigInteger.valueOf(usage.amountNano()).multiply(BigInteger.valueOf(1_000)))
              .add(BigInteger.valueOf(usage.residuePico()));
      sum.add(usage);
    }
    assertThat(sum.exactPico()).isEqualTo(exact);
    BigInteger lines =
        InvoiceMaker.invoice(TestInvoices.terms(), sum, BigInteger.ZERO, BigInteger.ZERO)
            .lines()
            .stream()
            .filter(line -> line.pricePico() > 0)
            .map(InvoiceLine::exactPico)
            .reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(lines).isEqualTo(exact);
  }

  @Test
  void pricesByTheMonthGiveBackWhatWasChargedTooMuch() {
    Invoice invoice = TestInvoices.invoice(new Random(5), 40);
    List<InvoiceLine> monthly =
        invoice.lines().stream().filter(line -> line.pricePico() == 0).toList();

    assertThat(monthly).isNotEmpty().allMatch(line -> line.exactPico().signum() < 0);
    assertThat(monthly.getFirst().meter()).startsWith("graduated input of 2026-1");
    assertThat(invoice.months()).isNotEmpty();
  }

  @Test
  void aRequestWithAnotherAmountThanItsPriceIsNotInvoiced() {
    RateCard card = TestInvoices.card();
    UsageRecord right = TestInvoices.usage(card, new Random(1), 1);
    UsageRecord wrong =
        new UsageRecord(
            right.requestId(),
            right.orgId(),
            right.projectId(),
            right.userId(),
            right.keyId(),
            right.at(),
            right.model(),
            right.rateCardId(),
            right.serviceClass(),
            right.tokens(),
            right.amountNano() + 1,
            right.residuePico(),
            right.status(),
            List.of());
    UsageSum sum = new UsageSum(TestInvoices.only(card));

    assertThatThrownBy(() -> sum.add(wrong))
        .isInstanceOf(InvoiceException.class)
        .hasMessageContaining(right.requestId().toString());
  }

  @Test
  void aBodyIsReadAsItWasWritten() {
    Random random = random();
    for (int round = 0; round < 20; round++) {
      Invoice invoice = TestInvoices.invoice(random, 30, TestInvoices.vat());
      String body = InvoiceBody.write(invoice);
      assertThat(InvoiceBody.read(body)).isEqualTo(invoice);
      assertThat(InvoiceBody.write(InvoiceBody.read(body))).isEqualTo(body);
    }
  }

  @Test
  void aDamagedBodyIsRefused() {
    Random random = random();
    String body = InvoiceBody.write(TestInvoices.invoice(random, 5));
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder(body);
      for (int damage = random.nextInt(3); damage >= 0; damage--) {
        text.setCharAt(random.nextInt(text.length()), "\"{}[]:,x9-".charAt(random.nextInt(10)));
      }
      try {
        InvoiceBody.read(text.toString());
      } catch (InvoiceException | io.yuntai.ledger.money.MoneyException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void creditNotesThatGiveBackAllGiveBackAllTax() {
    Random random = random();
    for (int round = 0; round < 2_000; round++) {
      Ratio rate = Ratio.of(random.nextInt(30), 100);
      BigInteger net = BigInteger.valueOf(1 + random.nextInt(100_000));
      BigInteger tax = rate.halfEvenOf(net);
      BigInteger before = BigInteger.ZERO;
      BigInteger back = BigInteger.ZERO;
      while (before.compareTo(net) < 0) {
        BigInteger part = BigInteger.valueOf(1 + random.nextInt(50_000)).min(net.subtract(before));
        Terms of = TestInvoices.terms(new TaxRate("VAT", rate));
        Terms terms =
            new Terms(
                "CN-2026-000001",
                of.orgId(),
                of.orgName(),
                of.seller(),
                of.buyer(),
                of.currency(),
                of.issuedAt(),
                of.period(),
                false,
                null,
                of.taxes(),
                List.of(),
                List.of(),
                List.of(),
                new Terms.Credit(of.number(), "slow answers", part, before),
                InvoiceMaker.ENGINE_VERSION);
        Invoice note = InvoiceMaker.creditNote(terms, "0".repeat(64));
        assertThat(InvoiceBody.read(InvoiceBody.write(note))).isEqualTo(note);
        back = back.subtract(note.taxes().getFirst().minor());
        before = before.add(part);
      }
      assertThat(back).isEqualTo(tax);
    }
  }

  @Test
  void focusCostsAddUpToTheInvoice() {
    Invoice invoice = TestInvoices.invoice(random(), 30, TestInvoices.vat());
    for (FocusCsv.Version version : FocusCsv.Version.values()) {
      List<String> rows = FocusCsv.write(invoice, version).lines().toList();
      BigDecimal sum =
          rows.stream()
              .skip(1)
              .map(row -> new BigDecimal(row.substring(0, row.indexOf(','))))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(rows.getFirst()).startsWith("BilledCost,BillingAccountId,");
      assertThat(sum).isEqualByComparingTo(invoice.amount(invoice.totalMinor()));
    }
  }

  @Test
  void aSpreadsheetTakesNothingForAFormula() {
    assertThat(CsvText.row(List.of("=1+1", "a,b", "say \"x\"", "-5")))
        .isEqualTo("'=1+1,\"a,b\",\"say \"\"x\"\"\",-5\r\n");
  }

  @Test
  void aPdfHasItsPagesAndItsTableOfObjects() {
    byte[] pdf =
        InvoicePdf.write(
            InvoiceBody.read(InvoiceBody.write(TestInvoices.invoice(new Random(3), 90))));
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    int table =
        Integer.parseInt(text.substring(text.lastIndexOf("startxref") + 10).strip().split("\n")[0]);

    assertThat(text)
        .startsWith("%PDF-1.4")
        .endsWith("%%EOF\n")
        .contains("(Invoice INV-2026-000042)");
    assertThat(text.substring(table)).startsWith("xref\n0 ");
    String[] entries = text.substring(table).split("\n");
    for (int number = 1; number < Integer.parseInt(entries[1].substring(2)); number++) {
      int offset = Integer.parseInt(entries[number + 2].substring(0, 10));
      assertThat(text.substring(offset)).startsWith(number + " 0 obj\n");
    }
  }
}
