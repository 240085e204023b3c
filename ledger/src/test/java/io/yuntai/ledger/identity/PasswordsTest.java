package io.yuntai.ledger.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yuntai.ledger.identity.SignInException.Reason;
import io.yuntai.ledger.tenancy.RefusedException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords: which, and how they are kept. */
class PasswordsTest {
  private static final PasswordHashes HASHES = new PasswordHashes(new SecureRandom(), 1);

  @Test
  void fitsWhatWasHashedAndNothingElse() {
    String hash = HASHES.hash("corréct horse staple");
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(HASHES.fits("corréct horse staple", hash)).isTrue();
    assertThat(HASHES.fits("corréct horse staple", hash)).as("decomposed").isTrue();
    assertThat(HASHES.fits("correct horse staple", hash)).isFalse();
    assertThat(HASHES.hash("corréct horse staple")).as("another salt").isNotEqualTo(hash);
    assertThat(HASHES.isWeaker(hash)).isFalse();
  }

  /** What the reference implementation of Argon2 gives for these inputs. */
  @Test
  void readsOtherProgramsHashes() {
    String hash =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    assertThat(HASHES.fits("password", hash)).isTrue();
    assertThat(HASHES.fits("passwore", hash)).isFalse();
    assertThat(HASHES.isWeaker(hash)).isTrue();
  }

  @Test
  void takesDamagedHashesForNobodys() {
    long seed = Long.getLong("yuntai.seed", new SecureRandom().nextLong());
    Random random = new Random(seed);
    String whole =
        "$argon2id$v=19$m=64,t=1,p=1$c29tc2FsdHNvbWVzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (int i = 0; i < 300; i++) {
      StringBuilder damaged = new StringBuilder(whole);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) (' ' + random.nextInt(95)));
      }
      assertThat(HASHES.fits("password", damaged.toString())).as("seed %d", seed).isFalse();
    }
    assertThat(HASHES.fits("password", whole.replace("m=64", "m=999999"))).isFalse();
    assertThat(HASHES.fits("password", whole.replace("m=64", "m=1"))).isFalse();
  }

  /** One is computed at a time, some wait, and the rest hear so at once. */
  @Test
  void tellsAFloodToComeAgain() throws Exception {
    PasswordHashes hashes = new PasswordHashes(new SecureRandom(), 1, 3);
    int many = 30;
    int busy = 0;
    int hashed = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> tries = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        tries.add(() -> hashes.hash("corréct horse staple").startsWith("$argon2id"));
      }
      for (Future<Boolean> done : threads.invokeAll(tries)) {
        try {
          hashed += done.get() ? 1 : 0;
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause())
              .isInstanceOfSatisfying(
                  SignInException.class,
                  refusal -> assertThat(refusal.reason()).isEqualTo(Reason.BUSY));
          busy++;
        }
      }
    }
    assertThat(hashed).isPositive();
    assertThat(hashed + busy).isEqualTo(many);
    assertThat(hashes.hash("afterwards as before")).startsWith("$argon2id");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012",
        "abcdefghijklmnop",
        "my wu.fang password",
        "wu.fang@example.com",
        "abababababababab"
      })
  void refusesWhatIsGuessedFirst(String password) {
    assertThatThrownBy(() -> PasswordRules.check(password, "wu.fang@example.com"))
        .isInstanceOfSatisfying(
            RefusedException.class, refusal -> assertThat(refusal.field()).isEqualTo("password"))
        .hasMessageNotContaining(password);
  }

  @Test
  void acceptsLongOnesOfAnyScript() {
    PasswordRules.check("四只熊猫在竹林里喝早茶吃点心", "wu@example.com");
    PasswordRules.check("correct horse battery", "wu@example.com");
    assertThatThrownBy(() -> PasswordRules.check("a long one ".repeat(30), "wu@example.com"))
        .hasMessageContaining("256");
  }
}
