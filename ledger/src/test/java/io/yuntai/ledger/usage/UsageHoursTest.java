package io.yuntai.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.ledger.tenancy.Tenancy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageHoursTest {
  @TempDir static Path folder;
  private static TestBooks books;
  private static UsageHours usage;
  private static Instant hour = Instant.EPOCH;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(2));
    usage = new UsageHours(new Transactions(books.database().dataSource()));
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static Organisation organisation() throws Exception {
    String name = books.text("select name from org where id = " + books.org(false));
    return new Tenancy(new Transactions(books.database().dataSource())).organisations().find(name);
  }

  /**
   * Requests of 10 tokens read, 3 from a cache, 1 written to one, and 30 made, 4 of them thoughts.
   */
  private static void served(long org, int number, int count, Instant at, int serviceClass)
      throws Exception {
    books.execute(
        """
        insert into ledger_name (name) values ('m') on conflict do nothing;
        insert into usage_rec select
          (lpad(to_hex((extract(epoch from '%1$s'::timestamptz) * 1000)::bigint), 12, '0') || '7' ||
            lpad(to_hex(%2$d), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid,
          %3$d, 0, 0, 0, 1, '%1$s', 0, i, (select id from ledger_name where name = 'm'), 10, 3, 1, 26, 4, 7, %5$d, 0
        from generate_series(1, %4$d) i\
        """
            .formatted(at, number, org, count, serviceClass));
  }

  private static void refused(long org, String id, Instant at, int status, String code)
      throws Exception {
    books.execute(
        """
        insert into request_log (request_id, org_id, project_id, user_id, key_id, at, card_id, amount_nano,
          total_micros, input, cache_hit, cache_write, output, reasoning, status, residue_pico, streamed,
          dialect, operation, model, served, route, target, error_code, finish, client, trace_id)
        values ('%s', %d, 0, 0, 0, '%s', 0, 0, 1, 0, 0, 0, 0, 0, %d, 0, false,
          'openai', 'chat', 'm', '', '', '', '%s', '', '', '')\
        """
            .formatted(id, org, at, status, code));
  }

  private static List<UsageHour> hours(Optional<Organisation> org) {
    List<UsageHour> all = new ArrayList<>();
    usage.each(org, hour, hour.plus(Duration.ofHours(2)), all::add);
    return all;
  }

  @Test
  void whatWasRefusedForWantOfCapacityStandsBesideWhatWasServed() throws Exception {
    Organisation org = organisation();
    served(org.id(), 1, 3, hour.plusSeconds(5), 0);
    served(org.id(), 2, 2, hour.plusSeconds(3605), 1);
    refused(org.id(), "a", hour.plusSeconds(9), 429, "rate_limit_exceeded");
    refused(org.id(), "b", hour.plusSeconds(10), 503, "server_overloaded");
    refused(org.id(), "c", hour.plusSeconds(11), 429, "insufficient_quota");
    refused(org.id(), "d", hour.plusSeconds(12), 400, "model_not_found");
    Organisation other = organisation();
    served(other.id(), 3, 5, hour.plusSeconds(7), 0);
    assertThat(hours(Optional.of(org)))
        .containsExactly(
            new UsageHour(hour, "m", "rt", 3, 33, 9, 90, 2),
            new UsageHour(hour.plusSeconds(3600), "m", "batch", 2, 22, 6, 60, 0));
    assertThat(hours(Optional.empty()).getFirst())
        .isEqualTo(new UsageHour(hour, "m", "rt", 8, 88, 24, 240, 2));
  }

  @Test
  void anHourThatIsNotOverIsNotTold() {
    assertThatThrownBy(() -> usage.each(Optional.empty(), hour, hour.plusSeconds(3599), _ -> {}))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("whole hour");
  }
}
