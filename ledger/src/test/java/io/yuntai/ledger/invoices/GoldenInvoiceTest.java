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
 * T7 and I12: invoices that engine version 1 sealed come out byte for byte from their usage and
 * rate card, whatever locale and time zone the machine has. The files are never changed; a later
 * engine version gets a folder of its own. {@code -Dyuntai.golden=DIR} writes such a folder.
 */
class GoldenInvoiceTest {
  private static final String FOLDER = "/invoices/v1/";

  private static byte[] golden(String name) throws IOException {
    try (InputStream file = GoldenInvoiceTest.class.getResourceAsStream(FOLDER + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }

  private static String text(String name) throws IOException {
    return new String(golden(name), StandardCharsets.UTF_8);
  }

  private static List<UsageRecord> usage() throws IOException {
    List<UsageRecord> usage = new ArrayList<>();
    for (String line : text("usage.csv").lines().toList()) {
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

  private static StoredInvoice make(RateCard card, List<UsageRecord> usage) {
    UsageSum sum = new UsageSum(TestInvoices.only(card));
    usage.forEach(sum::add);
    Invoice invoice =
        InvoiceMaker.invoice(TestInvoices.terms(TestInvoices.vat()), sum, BigInteger.valueOf(12));
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
          StoredInvoice made = make(TestCards.read(text("card.txt")), usage());
          for (InvoiceFormat format : InvoiceFormat.values()) {
            assertThat(made.export(format))
                .as("%s in %s, %s", format, language, place)
                .isEqualTo(golden("invoice." + format.text()));
          }
        }
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
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
    StoredInvoice made = make(card, usage);
    for (InvoiceFormat format : InvoiceFormat.values()) {
      Files.write(folder.resolve("invoice." + format.text()), made.export(format));
    }
  }
}
