package io.yuntai.server.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.yuntai.ledger.tenancy.RefusedException;
import io.yuntai.models.pull.PullEvent;
import io.yuntai.models.pull.PullException;
import io.yuntai.server.shelf.PullState.Phase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PullsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Phase awaited(Pulls pulls, String id) {
    await().atMost(PATIENCE).until(() -> pulls.find(id).orElseThrow().phase().ended());
    return pulls.find(id).orElseThrow().phase();
  }

  @Test
  void aPullTellsHowItStandsAndWhatHappened() {
    CountDownLatch go = new CountDownLatch(1);
    try (Pulls pulls =
        new Pulls(
            (_, listener) -> {
              listener.onEvent(new PullEvent.Trying("hub"));
              listener.onEvent(
                  new PullEvent.Progress(PullEvent.Phase.DOWNLOAD, 30, 120, 10, 9, 1, 1));
              go.await();
              listener.onEvent(new PullEvent.Done("abc", true));
            },
            InstantSource.system())) {
      String id = pulls.start("smollm2:135m").id();
      await()
          .atMost(PATIENCE)
          .until(() -> pulls.find(id).orElseThrow().phase() == Phase.DOWNLOADING);
      assertThat(pulls.find(id).orElseThrow().percent()).hasValue(25);
      assertThat(pulls.start("smollm2:135m").id()).as("asked twice, it is one pull").isEqualTo(id);
      go.countDown();
      assertThat(awaited(pulls, id)).isEqualTo(Phase.DONE);
      assertThat(pulls.find(id).orElseThrow().log())
          .extracting(PullState.Line::text)
          .containsExactly("tries hub", "sha256 abc, as the catalogue says");
    }
  }

  @Test
  void aPullThatFailsKeepsItsCauseAndCanBeAskedForAgain() {
    try (Pulls pulls =
        new Pulls(
            (_, _) -> {
              throw new PullException("No source has it.", List.of());
            },
            InstantSource.system())) {
      String id = pulls.start("smollm2:135m").id();
      assertThat(awaited(pulls, id)).isEqualTo(Phase.FAILED);
      assertThat(pulls.find(id).orElseThrow().problem()).isEqualTo("No source has it.");
      assertThat(pulls.start("smollm2:135m").id()).isNotEqualTo(id);
    }
  }

  @Test
  void aCancelledPullEndsAndTooManyAreRefused() {
    CountDownLatch never = new CountDownLatch(1);
    try (Pulls pulls = new Pulls((_, _) -> never.await(), InstantSource.system())) {
      String first = pulls.start("a:1b").id();
      for (int i = 1; i < Pulls.AT_ONCE; i++) {
        pulls.start("a:" + (i + 1) + "b");
      }
      assertThatThrownBy(() -> pulls.start("b:1b")).isInstanceOf(RefusedException.class);
      pulls.cancel(first);
      assertThat(awaited(pulls, first)).isEqualTo(Phase.CANCELLED);
      pulls.start("b:1b");
      assertThatThrownBy(() -> pulls.cancel("77")).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void filesOfTheServerAreNotPulledByPages() {
    try (Pulls pulls = new Pulls((_, _) -> {}, InstantSource.system())) {
      for (String file : List.of("/etc/passwd", "./model.gguf", "../x.gguf")) {
        assertThatThrownBy(() -> pulls.start(file)).as(file).isInstanceOf(RefusedException.class);
      }
    }
  }
}
