package io.yuntai.ledger.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.bank.TestBooks;
import io.yuntai.ledger.database.Transactions;
import io.yuntai.ledger.tenancy.Actor;
import io.yuntai.ledger.tenancy.ExpectedVersion;
import io.yuntai.ledger.tenancy.Organisation;
import io.yuntai.ledger.tenancy.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTextsTest {
  private static final Actor TESTER = new Actor("cli:tester", "local");
  private static final String ASKED = "{\"model\":\"m\",\"text\":\"nul \\u0000 and \ud83d\ude00\"}";

  @TempDir static Path folder;
  private static TestBooks books;
  private static KeptTexts texts;

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
    texts = new KeptTexts(new Transactions(books.database().dataSource()));
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  private static KeptText text(String id, Organisation org, long userId, Duration age) {
    return new KeptText(
        id, org.id(), userId, Instant.now().minus(age), "chat", false, ASKED, "{\"choices\":[]}");
  }

  @Test
  void nothingIsKeptUnlessATenantWantsIt() throws Exception {
    Organisation org = books.organisation();
    assertThat(texts.keeping(org)).isEqualTo(TextKeeping.NONE);
    texts.write(List.of(text("req_off", org, 0, Duration.ZERO)));
    assertThat(texts.find(org, 0, "req_off")).isEmpty();
    assertThat(texts.keeping()).doesNotContain(org.id());

    assertThat(texts.keep(TESTER, org, 7, ExpectedVersion.ANY)).isEqualTo(new TextKeeping(7, 1));
    assertThat(texts.keeping()).contains(org.id());
    texts.write(List.of(text("req_on", org, 0, Duration.ZERO)));
    texts.write(List.of(text("req_on", org, 0, Duration.ZERO)));
    assertThat(texts.find(org, 0, "req_on").orElseThrow().asked()).isEqualTo(ASKED);
    assertThat(texts.find(books.organisation(), 0, "req_on")).as("another tenant's").isEmpty();
  }

  @Test
  void whatAPersonAskedIsThatPersonsAlone() throws Exception {
    Organisation org = books.organisation();
    texts.keep(TESTER, org, 7, ExpectedVersion.ANY);
    texts.write(List.of(text("req_person", org, 41, Duration.ZERO)));
    assertThat(texts.find(org, 41, "req_person")).isPresent();
    assertThat(texts.find(org, 42, "req_person")).isEmpty();
    assertThat(texts.find(org, 0, "req_person")).isEmpty();
  }

  @Test
  void whatIsTooOldIsGoneAtOnceAndFromTheTableSoonAfter() throws Exception {
    Organisation org = books.organisation();
    texts.keep(TESTER, org, 30, ExpectedVersion.ANY);
    texts.write(
        List.of(
            text("req_young", org, 0, Duration.ofDays(2)),
            text("req_week", org, 0, Duration.ofDays(8)),
            text("req_old", org, 0, Duration.ofDays(31))));
    assertThat(texts.find(org, 0, "req_old")).isEmpty();
    assertThat(texts.deleteOld()).isEqualTo(1);

    texts.keep(TESTER, org, 7, ExpectedVersion.of(1));
    assertThat(texts.find(org, 0, "req_week")).isEmpty();
    assertThat(texts.find(org, 0, "req_young")).isPresent();
    assertThat(texts.deleteOld()).as("a shorter time deletes at once").isZero();

    texts.keep(TESTER, org, 0, ExpectedVersion.ANY);
    assertThat(texts.find(org, 0, "req_young")).isEmpty();
    assertThat(books.text("select count(*) from kept_text where org_id = " + org.id()))
        .isEqualTo("0");
    assertThat(
            books.text(
                "select count(*) from audit_event where action = 'texts.change' and org_id = "
                    + org.id()))
        .isEqualTo("3");
  }

  @Test
  void otherNumbersOfDaysAndOldVersionsAreRefused() throws Exception {
    Organisation org = books.organisation();
    for (int days : List.of(-1, 91)) {
      assertThatThrownBy(() -> texts.keep(TESTER, org, days, ExpectedVersion.ANY))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("0 to 90 days");
    }
    texts.keep(TESTER, org, 1, ExpectedVersion.ANY);
    assertThatThrownBy(() -> texts.keep(TESTER, org, 2, ExpectedVersion.of(7)))
        .hasMessageContaining("changed since");
  }
}
