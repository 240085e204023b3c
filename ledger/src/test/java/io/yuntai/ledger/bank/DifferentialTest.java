package io.yuntai.ledger.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.yuntai.ledger.verify.CheckResult;
import io.yuntai.ledger.verify.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL's bank does what the model does; and a bank with a wrong statement is found out.
 * {@code -Dyuntai.seed=N} begins with another seed, {@code -Dyuntai.bank.worlds=N} tries so many.
 */
class DifferentialTest {
  private static final int STEPS = 150;

  /** Some wrong statements matter to few histories: each is judged by the same ones every time. */
  private static final int MAX_SEEDS_FOR_MUTANT = 40;

  @TempDir static Path folder;
  private static TestBooks books;

  private final long seed = Long.getLong("yuntai.seed", System.nanoTime());

  @BeforeAll
  static void openBooks() throws Exception {
    books = new TestBooks(folder);
  }

  @AfterAll
  static void closeBooks() {
    books.close();
  }

  @Test
  void postgresDoesWhatTheModelDoesAndWrongStatementsDoNot() throws Exception {
    int worlds = Integer.getInteger("yuntai.bank.worlds", 4);
    for (int world = 0; world < worlds; world++) {
      long one = seed + world;
      assertThat(new Differential(one, books, BankSql.STANDARD).run(STEPS))
          .as("seed %d", one)
          .isEmpty();
    }
    Verification.Report report = Verification.run(books.database().dataSource(), result -> {});
    assertThat(report.checks()).allSatisfy(check -> assertThat(check.firstBad()).isEmpty());
    everyWrongStatementIsFoundOut();
  }

  /** After the right bank, since mutants leave a broken ledger behind. */
  private void everyWrongStatementIsFoundOut() throws Exception {
    List<String> alive = new ArrayList<>();
    for (Map.Entry<String, BankSql> mutant : BankMutants.all().entrySet()) {
      int history = 1;
      while (history <= MAX_SEEDS_FOR_MUTANT && !foundOut(history, mutant.getValue())) {
        history++;
      }
      if (history > MAX_SEEDS_FOR_MUTANT) {
        alive.add(mutant.getKey());
      }
    }
    assertThat(alive).as("wrong statements that nobody noticed").isEmpty();
  }

  /** By the model, by a constraint that stops the batch, or by the auditor. */
  private static boolean foundOut(long seed, BankSql sql) throws Exception {
    long before = brokenRows();
    try {
      if (!new Differential(seed, books, sql).run(STEPS).isEmpty()) {
        return true;
      }
    } catch (RuntimeException stopped) {
      return true;
    }
    return brokenRows() != before;
  }

  /** Mutants before left broken rows, so only more of them are news. */
  private static long brokenRows() {
    return Verification.run(books.database().dataSource(), result -> {}).checks().stream()
        .mapToLong(CheckResult::bad)
        .sum();
  }
}
