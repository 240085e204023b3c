package io.yuntai.ledger.node;

import io.yuntai.ledger.bank.Bank;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something to be asked of the bank, and what happens with the answer. Asking touches nothing of
 * the gateway, so it may take as long as it likes, on any thread.
 *
 * @param <T> what the bank answers
 * @param name for logs
 * @param question asks
 * @param answered takes the answer
 * @param failed takes note that none came; whether the bank did what it was asked is unknown
 */
public record Errand<T>(
    String name,
    Function<Bank, T> question,
    Consumer<T> answered,
    Consumer<RuntimeException> failed) {
  /** What errands are about; of each kind one is under way at a time. */
  public enum Kind {
    /** Leases that requests wait for. */
    ASK,
    /** What requests used. */
    SETTLE,
    /** What engines did for requests. */
    RECEIPTS,
    /** Leases to be kept or given back. */
    UPKEEP,
    /** That this gateway lives, and what others need of it. */
    PRESENCE
  }

  /** Asks and takes note of what comes of it. */
  public void run(Bank bank) {
    T answer;
    try {
      answer = question.apply(bank);
    } catch (RuntimeException e) {
      failed.accept(e);
      return;
    }
    answered.accept(answer);
  }
}
