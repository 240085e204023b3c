package io.yuntai.ledger.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.bank.UsageStatus;
import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.RateCard;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.prices.TestCards;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * T7 and I12: invoices that each engine version sealed come out byte for byte from their usage and
 * rate card, whatever locale and time zone the machine has. The files are never changed; a later
 * engine version gets a folder of its own. {@code -Dyuntai.golden=DIR} writes such a folder.
 */
class GoldenInvoiceTest {
  private static byte[] golden(int version, String name) throws IOException {
    String path = "/invoices/v" + version + "/" + name;
    try (InputStream file = GoldenInvoiceTest.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(file, path).readAllBytes();
    }
  }

  private static String text(int version, String name) throws IOException {
    return new String(golden(version, name), StandardCharsets.UTF_8);
  }

  private static List<UsageRecord> usage(int version) throws IOException {
    List<UsageRecord> usage = new ArrayList<>();
    for (String line : text(version, "usage.csv").lines().toList()) {
      String[] fields = line.split(",");
      usage.add(
          new UsageRecord(
              UUID.fromString(fields[0]),
              7,
              1,
              0,
              3,
              Instant.parse(fields[1]),
              fields[2],
              1,
              ServiceClass.of(fields[3]),
              new MeteredTokens(
                  Integer.parseInt(fields[4]),
                  Integer.parseInt(fields[5]),
                  Integer.parseInt(fields[6]),
                  Integer.parseInt(fields[7]),
                  Integer.parseInt(fields[8])),
              Long.parseLong(fields[9]),
              Integer.parseInt(fields[10]),
              UsageStatus.COMPLETED,
              List.of()));
    }
    return usage;
  }

  /** Version 2 applies commitments and takes off what settled too late. */
  private static Terms terms(int version) {
    Terms.UsageRange range =
        new Terms.UsageRange(TestInvoices.NOVEMBER, 0, TestInvoices.DECEMBER, 99);
    List<BoundCommitment> commitments = version == 1 ? List.of() : TestCommitments.each();
    List<CoveredUnits> covered =
        version == 1
            ? List.of()
            : List.of(new CoveredUnits(1, TestInvoices.NOVEMBER, BigInteger.valueOf(1_000)));
    return TestInvoices.terms(range, List.of(), commitments, covered, version, TestInvoices.vat());
  }

  private static StoredInvoice make(Terms terms, RateCard card, List<UsageRecord> usage) {
    UsageSum sum = new UsageSum(TestInvoices.only(card), Issuing.coverage(terms));
    usage.forEach(sum::add);
    Invoice invoice =
        InvoiceMaker.invoice(terms, sum, BigInteger.valueOf(12), BigInteger.valueOf(345_678_901));
    String body = InvoiceBody.write(invoice);
    return new StoredInvoice(InvoiceBody.read(body), body, "");
  }

  @Test
  void sealedInvoicesComeOutByteForByteInEveryLocaleAndZone() throws Exception {
    String folder = System.getProperty("yuntai.golden");
    if (folder != null) {
      write(Path.of(folder));
      return;
    }
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String language :
          List.of("en-US", "ar-EG-u-nu-arab", "tr-TR", "zh-CN", "hi-IN-u-nu-deva")) {
        for (String place :
            List.of("UTC", "America/St_Johns", "Asia/Shanghai", "Pacific/Chatham")) {
          Locale.setDefault(Locale.forLanguageTag(language));
          TimeZone.setDefault(TimeZone.getTimeZone(place));
          for (int version = 1; version <= InvoiceMaker.ENGINE_VERSION; version++) {
            comesOut(version, language + ", " + place);
          }
        }
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  private static void comesOut(int version, String where) throws IOException {
    RateCard card = TestCards.read(text(version, "card.txt"));
    StoredInvoice made = make(terms(version), card, usage(version));
    for (InvoiceFormat format : InvoiceFormat.values()) {
      assertThat(made.export(format))
          .as("%s of version %s in %s", format, version, where)
          .isEqualTo(golden(version, "invoice." + format.text()));
    }
    // As 'invoices verify' does it: from what the sealed body says was decided.
    Terms sealed = InvoiceBody.read(text(version, "invoice.json")).terms();
    assertThat(make(sealed, card, usage(version)).body()).isEqualTo(made.body());
  }

  private static void write(Path folder) throws IOException {
    RateCard card = TestInvoices.card();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("card.txt"), TestCards.text(card));
    Random random = new Random(2026);
    List<UsageRecord> usage = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int request = 0; request < 120; request++) {
      UsageRecord one = TestInvoices.usage(card, random, request);
      usage.add(one);
      MeteredTokens tokens = one.tokens();
      text.append(
          String.join(
              ",",
              one.requestId().toString(),
              one.at().toString(),
              one.model(),
              one.serviceClass().text(),
              Integer.toString(tokens.input()),
              Integer.toString(tokens.cacheHit()),
              Integer.toString(tokens.cacheWrite()),
              Integer.toString(tokens.output()),
              Integer.toString(tokens.reasoning()),
              Long.toString(one.amountNano()),
              Integer.toString(one.residuePico())));
      text.append('\n');
    }
    Files.writeString(folder.resolve("usage.csv"), text);
    StoredInvoice made = make(terms(InvoiceMaker.ENGINE_VERSION), card, usage);
    for (InvoiceFormat format : InvoiceFormat.values()) {
      Files.write(folder.resolve("invoice." + format.text()), made.export(format));
    }
  }
}
