package io.yuntai.ledger.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.database.Database;
import io.yuntai.ledger.database.DatabaseOptions;
import io.yuntai.ledger.database.TestHomes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses in a real database. */
class DatabaseResponsesTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir static Path folder;
  private static Database database;

  private Instant now = NOON;
  private DatabaseResponses responses;

  @BeforeAll
  static void openDatabase() throws Exception {
    database = Database.open(DatabaseOptions.embedded(TestHomes.prepared(folder)));
  }

  @BeforeEach
  void keepTwoDays() {
    responses = new DatabaseResponses(database.dataSource(), Duration.ofDays(2), () -> now);
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  private static String id(int number) {
    return "resp_%048x".formatted(number);
  }

  private StoredResponse response(int number, int previous) {
    return new StoredResponse(
        id(number),
        "tenant",
        previous == 0 ? Optional.empty() : Optional.of(id(previous)),
        now,
        "[\"\\u0000 in\"]",
        "[\"out " + number + "\"]",
        "{}");
  }

  @Test
  void aResponseComesBackAsItWasAndToNobodyElse() {
    StoredResponse kept = response(1, 0);
    responses.save(kept);

    assertThat(responses.find("tenant", id(1))).contains(kept);
    assertThat(responses.find("other", id(1))).isEmpty();
    assertThat(responses.conversation("other", id(1))).isEmpty();
    assertThat(responses.delete("other", id(1))).isFalse();
    assertThat(responses.delete("tenant", id(1))).isTrue();
    assertThat(responses.find("tenant", id(1))).isEmpty();
  }

  @Test
  void aConversationIsItsTurnsTheOldestFirst() {
    responses.save(response(11, 0));
    responses.save(response(12, 11));
    responses.save(response(13, 12));
    responses.save(response(14, 11));

    assertThat(responses.conversation("tenant", id(13)))
        .extracting(StoredResponse::id)
        .containsExactly(id(11), id(12), id(13));
  }

  @Test
  void whatIsSavedAgainIsItsLatestState() {
    responses.save(response(21, 0));
    responses.save(
        new StoredResponse(id(21), "tenant", Optional.empty(), NOON, "[]", "[1]", "{\"a\":1}"));

    assertThat(responses.find("tenant", id(21)).orElseThrow().output()).isEqualTo("[1]");
  }

  @Test
  void afterItsTimeAResponseIsGone() {
    responses.save(response(31, 0));
    now = NOON.plus(Duration.ofDays(3));

    assertThat(responses.find("tenant", id(31))).isEmpty();
    responses.save(response(32, 0));
    now = NOON;
    assertThat(responses.find("tenant", id(31))).isEmpty();
  }
}
