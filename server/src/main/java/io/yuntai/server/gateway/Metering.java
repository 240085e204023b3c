package io.yuntai.server.gateway;

import io.yuntai.dialect.ApiException;
import io.yuntai.engine.WorkWitness;
import io.yuntai.ledger.prices.ServiceClass;
import java.util.List;

/**
 * Lets requests in by what their keys may spend, and counts what they use. Safe for many threads.
 */
@FunctionalInterface
public interface Metering {
  /** Lets everybody in and counts nothing. */
  Metering NONE = request -> Admitted.UNMETERED;

  /**
   * What is known of a request before an engine sees it.
   *
   * @param asker whose it is
   * @param model what it calls its model
   * @param serviceClass how soon it is served
   * @param promptTokens tokens of its prompts; where only an upstream can count them, surely enough
   * @param likelyPromptTokens the same, or where only an upstream can count them, what is charged
   *     when it does not come to that
   * @param mostTokens tokens that it may have generated at most, over all its answers
   * @param answers how many answers it wants
   */
  record Request(
      Principal asker,
      String model,
      ServiceClass serviceClass,
      long promptTokens,
      long likelyPromptTokens,
      long mostTokens,
      int answers) {}

  /**
   * Lets a request in. Whoever calls either hands its answer over or abandons it.
   *
   * @throws ApiException where it may not be served, such as 429 where nothing is left
   */
  Admitted admit(Request request) throws ApiException;

  /**
   * How the limits of requests and of tokens stand for whoever asks for a model, of each unit the
   * one of which the least is left; empty where there are none, or nothing is known of them.
   */
  default List<RateLimit> limits(Principal asker, String model) {
    return List.of();
  }

  /** A request that was let in. */
  interface Admitted {
    /** Nobody counts. */
    Admitted UNMETERED =
        new Admitted() {
          @Override
          public RunningAnswer follow(RunningAnswer answer) {
            return answer;
          }

          @Override
          public void computed(long promptTokens) {}

          @Override
          public void abandon() {}
        };

    /**
     * Who an engine tells what it computed for this: a count of its own, to be compared. Asked once
     * for each piece of work before it begins; whoever asks sees to it that it is told, also where
     * the work is not taken on.
     *
     * @param engine who works
     */
    default WorkWitness witness(String engine) {
      return WorkWitness.NONE;
    }

    /** Counts an answer as it is read, and ends it where its budget ends. */
    RunningAnswer follow(RunningAnswer answer);

    /** It was answered without generating anything: vectors, or an order of documents. */
    void computed(long promptTokens) throws InterruptedException;

    /** Nothing came of it. Without effect on one that has ended. */
    void abandon();
  }
}
