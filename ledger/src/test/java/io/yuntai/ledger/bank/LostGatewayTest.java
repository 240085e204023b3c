package io.yuntai.ledger.bank;

import static io.yuntai.ledger.bank.TestBooks.exactly;
import static io.yuntai.ledger.bank.TestBooks.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.prices.MeteredTokens;
import io.yuntai.ledger.prices.ServiceClass;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway is gone with its disk; what engines said of its requests is not. */
class LostGatewayTest {
  @TempDir static Path folder;
  private static TestBooks books;
  private static PostgresBank bank;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    bank = books.bank();
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static EngineReceipt receipt(
      long org, UUID request, Node node, long acknowledged, List<Long> counters) {
    return new EngineReceipt(
        request,
        0,
        org,
        "model m",
        new MeteredTokens(6, 4, 0, 30, 2),
        0,
        acknowledged,
        UsageStatus.FAILED,
        new Claim(node.id(), 0, 0, 0, Instant.now(), "m", 0, ServiceClass.REALTIME, 10, counters));
  }

  private static void expire(Grant lease) throws Exception {
    books.execute(
        "update lease set expires_at = clock_timestamp() - interval '1 second' where id = "
            + lease.leaseId());
  }

  @Test
  void isSettledByReceiptsBeforeItsLeasesGoBack() throws Exception {
    long org = books.org(false);
    long tokens = books.counter(org, "tokens", false, 1000);
    long requests = books.counter(org, "requests", false, 10);
    Node node = bank.register("lost");
    Grant ofTokens = bank.grant(node, exactly(tokens, 100), Duration.ofMinutes(1)).getFirst();
    Grant ofRequests = bank.grant(node, exactly(requests, 4), Duration.ofMinutes(1)).getFirst();
    UUID received = id();
    UUID nothingReceived = id();
    UUID settledBefore = id();
    bank.settle(
        List.of(TestBooks.usage(org, settledBefore, 0, new Draw(ofTokens.leaseId(), tokens, 47))));
    bank.keep(
        List.of(
            receipt(org, received, node, 20, List.of(tokens, requests)),
            receipt(org, nothingReceived, node, 0, List.of(tokens, requests)),
            receipt(org, settledBefore, node, 34, List.of(tokens, requests))));
    expire(ofTokens);
    expire(ofRequests);

    assertThat(bank.reap()).isEqualTo(2);

    assertThat(
            books.text(
                "select input || ' ' || cache_hit || ' ' || output || ' ' || reasoning || ' ' || status"
                    + " from usage_rec where request_id = '"
                    + received
                    + "'"))
        .isEqualTo("6 4 18 2 3");
    assertThat(books.number("select count(*) from usage_rec where org_id = " + org)).isEqualTo(2);
    assertThat(books.counterState(tokens)).isEqualTo("1000 77 0");
    assertThat(books.counterState(requests)).isEqualTo("10 1 0");

    // It comes back after all with its journal: the same request is not counted twice.
    UsageRecord late = TestBooks.usage(org, received, 0, new Draw(ofTokens.leaseId(), tokens, 30));
    assertThat(bank.settle(List.of(late)).quarantined()).containsExactly(received);
    assertThat(books.counterState(tokens)).isEqualTo("1000 77 0");
    assertThat(bank.reap()).isZero();
    assertThat(Verification.run(books.database().dataSource(), _ -> {}).holds()).isTrue();
  }

  @Test
  void whatItHasNoLeaseForAnyMoreIsNotTakenFromAnybodyElse() throws Exception {
    long org = books.org(false);
    long tokens = books.counter(org, "tokens", false, 1000);
    Node lost = bank.register("lost too");
    Node other = bank.register("other");
    Grant ofLost = bank.grant(lost, exactly(tokens, 12), Duration.ofMinutes(1)).getFirst();
    bank.grant(other, exactly(tokens, 500), Duration.ofMinutes(1));
    UUID request = id();
    bank.keep(List.of(receipt(org, request, lost, 20, List.of(tokens))));
    expire(ofLost);

    assertThat(bank.reap()).isEqualTo(1);

    assertThat(books.counterState(tokens)).isEqualTo("1000 12 500");
    assertThat(books.number("select count(*) from usage_rec where request_id = '" + request + "'"))
        .isEqualTo(1);
    assertThat(Verification.run(books.database().dataSource(), _ -> {}).holds()).isTrue();
  }
}
