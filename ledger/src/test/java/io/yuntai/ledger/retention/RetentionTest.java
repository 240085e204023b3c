package io.yuntai.ledger.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  @TempDir Path folder;

  private static UUID daysAgo(int days) {
    return TestBooks.id(System.currentTimeMillis() - Duration.ofDays(days).toMillis());
  }

  private static List<String> broken(TestBooks books) {
    return Verification.run(books.database().dataSource(), _ -> {}).checks().stream()
        .filter(check -> !check.holds())
        .map(CheckResult::name)
        .toList();
  }

  @Test
  void oldDaysGoToFilesAndTheChainIsStillWhole() throws Exception {
    try (TestBooks books = new TestBooks(folder)) {
      long org = books.org(false);
      PostgresBank bank = books.bank();
      UUID oldest = daysAgo(30);
      UUID sameDay = daysAgo(30);
      // One entry reaches over three days, one lies in an old one, one is of today.
      bank.settle(
          List.of(
              TestBooks.usage(org, oldest, 5),
              TestBooks.usage(org, sameDay, 6),
              TestBooks.usage(org, daysAgo(20), 7),
              TestBooks.usage(org, daysAgo(0), 8)));
      bank.settle(List.of(TestBooks.usage(org, daysAgo(30), 9)));
      bank.settle(List.of(TestBooks.usage(org, daysAgo(0), 10)));
      assertThat(broken(books)).isEmpty();

      Path archive = folder.resolve("archive");
      Retention retention = new Retention(books.database().dataSource(), archive);
      List<Retention.Sealed> first = new ArrayList<>();
      retention.sealUsage(25, first::add);
      assertThat(first).extracting(Retention.Sealed::rows).containsExactly(3L);
      assertThat(books.number("select count(*) from usage_rec where org_id = " + org)).isEqualTo(3);
      assertThat(broken(books)).isEmpty();

      List<Retention.Sealed> second = new ArrayList<>();
      retention.sealUsage(15, second::add);
      assertThat(second).extracting(Retention.Sealed::rows).containsExactly(1L);
      assertThat(broken(books)).isEmpty();
      retention.sealUsage(
          15,
          _ -> {
            throw new AssertionError("nothing is left to be sealed");
          });

      byte[] file = Files.readAllBytes(first.getFirst().file());
      assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
          .isEqualTo(books.text("select encode(sha256, 'hex') from seal order by day limit 1"));
      String text =
          new String(
              new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(text.lines()).hasSize(4).anyMatch(line -> line.contains(oldest.toString()));

      // What comes for a sealed day is kept aside, also when it was settled before.
      UsageRecord again = TestBooks.usage(org, sameDay, 6);
      assertThat(books.bank().settle(List.of(again)).quarantined()).containsExactly(sameDay);
      assertThat(bank.settle(List.of(TestBooks.usage(org, daysAgo(30), 1))).quarantined())
          .hasSize(1);
      assertThat(broken(books)).isEmpty();

      books.execute("update seal_entry set amount_nano = amount_nano + 1");
      assertThat(broken(books)).containsExactly("usage-as-booked");
      books.execute("update seal_entry set amount_nano = amount_nano - 1");
      books.execute("update seal_entry set subtrees = sha256(subtrees) where usage_rows = 1");
      assertThat(broken(books)).containsExactly("chains-recompute");
    }
  }

  @Test
  void receiptsGoOnceTheyWereComparedAndRecentDaysNever() throws Exception {
    try (TestBooks books = new TestBooks(folder)) {
      books.execute("select make_partitions(current_date - 40, current_date - 38)");
      Retention retention = new Retention(books.database().dataSource(), folder);
      assertThat(retention.dropReceipts(35)).isZero();
      books.execute(
          "insert into recon_day (day, differences) values (current_date - 39, 0), (current_date - 1, 0)");
      assertThat(retention.dropReceipts(35)).isEqualTo(1);
      assertThatThrownBy(() -> retention.dropReceipts(7))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
