package io.yuntai.server.gateway;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerBuilder;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import java.util.Optional;
import java.util.UUID;

/**
 * An answer as it comes, from an engine of ours or from an upstream.
 *
 * <p>For one reading thread; {@link #cancel} and {@link #tellStopping} may come from any.
 */
public interface RunningAnswer extends Running, AutoCloseable {
  /** What all its events have in common. */
  AnswerHead head();

  /**
   * The next event; blocks until there is one. {@link AnswerEvent.Finished} or {@link
   * AnswerEvent.Failed} is the last.
   */
  AnswerEvent next() throws InterruptedException;

  /** Whether {@link #next} would not block. */
  boolean hasReady();

  /**
   * How far the prompt has come; empty where nobody knows, such as of an upstream's. May be asked
   * by any thread.
   */
  default Optional<PromptProgress> progress() {
    return Optional.empty();
  }

  /**
   * How far a request's prompts have come.
   *
   * @param doneTokens found stored or computed
   * @param promptTokens all of them
   */
  record PromptProgress(long doneTokens, long promptTokens) {}

  /**
   * Why it was ended before its time although nothing failed, as a header may say it; known once
   * {@link AnswerEvent.Finished} has come.
   */
  default Optional<String> stopNote() {
    return Optional.empty();
  }

  /** What it cost; empty where nobody counts. Known once it has ended or was closed. */
  default Optional<Charged> charged() {
    return Optional.empty();
  }

  /**
   * What the ledger says of an answer.
   *
   * @param requestId by which the ledger knows it
   * @param amountNanos in 10⁻⁹ of the payer's currency
   */
  record Charged(UUID requestId, long amountNanos) {}

  /**
   * Cancels it, waits until it has ended, and says how many tokens of its prompts were found
   * stored; 0 where nobody knows. In place of {@link #next}, for the reading thread.
   */
  default long cancelledCachedTokens() {
    cancel();
    return 0;
  }

  /** Cancels it if it still runs. */
  @Override
  void close();

  /**
   * All of it, in place of {@link #next}.
   *
   * @throws ApiException when it fails on the way
   */
  default Answer collect() throws InterruptedException, ApiException {
    AnswerBuilder answer = new AnswerBuilder(head());
    while (true) {
      AnswerEvent event = next();
      if (event instanceof AnswerEvent.Failed failed) {
        throw new ApiException(failed.error());
      }
      answer.add(event);
      if (event instanceof AnswerEvent.Finished) {
        return answer.toAnswer();
      }
    }
  }
}
