package io.yuntai.ledger.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.bank.Draw;
import io.yuntai.ledger.bank.Grant;
import io.yuntai.ledger.bank.PostgresBank;
import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.bank.UsageRecord;
import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.OwnServers;
import io.yuntai.ledger.database.OwnServers.Server;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's own way back to any moment: a copy of its files, and its log archived since. */
class PointInTimeTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  @TempDir Path archive;

  @Test
  void theLedgerOfAnyMomentComesBackWholeAndGoesOn() throws Exception {
    try (OwnServers servers = new OwnServers(folder)) {
      Path copy = servers.copy("restored");
      Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rwxrwxrwx"));
      Server first =
          servers.start(
              servers.data(),
              "archive_mode=on",
              "archive_command=cp %p " + archive + "/%f",
              "archive_timeout=60");
      first.awaitAnswers();
      String moment;
      UsageRecord before;
      try (TestBooks books =
          new TestBooks(Database.open(DatabaseOptions.external(servers.url(first))))) {
        long org = books.org(false);
        long counter = books.counter(org, "tokens", false, 1000);
        PostgresBank bank = books.bank();
        Grant lease =
            bank.grant(
                    bank.register("gateway"), TestBooks.exactly(counter, 500), Duration.ofHours(1))
                .getFirst();
        before = TestBooks.usage(org, TestBooks.id(), 5, new Draw(lease.leaseId(), counter, 5));
        bank.settle(List.of(before));
        moment = books.text("select clock_timestamp()");
        for (int i = 0; i < 3; i++) {
          bank.settle(
              List.of(
                  TestBooks.usage(org, TestBooks.id(), 7, new Draw(lease.leaseId(), counter, 7))));
        }
        String log = books.text("select pg_walfile_name(pg_switch_wal())");
        await().atMost(LONG).until(() -> Files.exists(archive.resolve(log)));
      }
      first.kill();

      Files.createFile(copy.resolve("recovery.signal"));
      Server second =
          servers.start(
              copy,
              "restore_command=cp " + archive + "/%f %p",
              "recovery_target_time=" + moment,
              "recovery_target_action=promote");
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> second.ask("select pg_is_in_recovery()").equals("f"));
      try (TestBooks books =
          new TestBooks(Database.open(DatabaseOptions.external(servers.url(second))))) {
        assertThat(books.text("select string_agg(request_id::text, ' ') from usage_rec"))
            .isEqualTo(before.requestId().toString());
        assertThat(books.text("select settled || ' ' || leased from counter")).isEqualTo("5 495");
        // What a gateway sends again counts once, and what it still has is taken.
        UsageRecord next =
            TestBooks.usage(before.orgId(), TestBooks.id(), 9, before.draws().getFirst());
        assertThat(books.bank().settle(List.of(before, next)).fresh())
            .containsExactly(next.requestId());
        assertThat(Verification.run(books.database().dataSource(), _ -> {}).checks())
            .allSatisfy(check -> assertThat(check.firstBad()).isEmpty());
      }
    }
  }
}
