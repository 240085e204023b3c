package io.yuntai.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.database.Transactions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The long form: {@code -Dtest=UsageExportTest -Dyuntai.export.rows=300000}. */
class UsageExportTest {
  @TempDir static Path folder;
  private static TestBooks books;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static void insert(long org, int rows, int number) throws Exception {
    books.execute(
        """
        insert into ledger_name (name) values ('m') on conflict do nothing;
        insert into usage_rec select
          (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
            lpad(to_hex(%d), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid,
          %d, 0, 0, 0, 1, clock_timestamp(), 0, i, (select id from ledger_name where name = 'm'), 10, 2, 0, 30, 4, 7, 0, 0
        from generate_series(1, %d) i\
        """
            .formatted(number, org, rows));
  }

  @Test
  void everyRequestIsThereOnceInTheOrderOfIds() throws Exception {
    long org = books.org(false);
    insert(org, 4_500, 1);
    insert(books.org(false), 100, 2);
    List<UUID> ids = new ArrayList<>();
    Instant now = Instant.now();
    UsageExport export = new UsageExport(new Transactions(books.database().dataSource()));
    long rows =
        export.rows(
            books.organisation(org),
            now.minus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(1)),
            row -> {
              ids.add(row.requestId());
              assertThat(row.amount().toPlainString()).endsWith("007").startsWith("0.00000");
              assertThat(row.model()).isEqualTo("m");
            });
    assertThat(rows).isEqualTo(4_500);
    assertThat(ids).doesNotHaveDuplicates().hasSize(4_500);
    assertThat(ids.stream().map(UUID::toString)).isSorted();
  }

  @Test
  void moreRowsThanAHeapHoldsAreExported() throws Exception {
    int rows = Integer.getInteger("yuntai.export.rows", 100_000);
    long org = books.org(false);
    insert(org, rows, 3);
    books.execute("analyze usage_rec");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ExportProgram.class.getName(),
            folder.resolve("home").toString(),
            books.organisation(org).name());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    long nano = rows * (rows + 1L) / 2;
    BigDecimal sum = BigDecimal.valueOf(nano * 1000 + 7L * rows, 12);
    assertThat(output).contains(rows + " rows, " + sum.toPlainString());
  }
}
