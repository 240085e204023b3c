package io.yuntai.ledger.capital;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A plan as it is kept.
 *
 * @param name as its text calls it
 * @param input its text
 * @param inputSha256 of what the text says, in hexadecimals
 * @param step what is being done
 * @param value of the best plan so far, in millions
 * @param bound that no plan can pass
 * @param sentence why there is none; empty where there is one
 * @param decided what was decided, as the planner writes it
 */
public record CapitalPlan(
    long id,
    Instant created,
    String name,
    String input,
    String inputSha256,
    Asked asked,
    State state,
    String step,
    OptionalDouble value,
    OptionalDouble bound,
    String sentence,
    Optional<String> decided,
    Optional<Instant> finished) {
  /**
   * How much work it is worth.
   *
   * @param gap at which a plan is good enough
   * @param seconds after which the best so far is taken
   * @param seed of what is random
   */
  public record Asked(double gap, double seconds, long seed) {}

  /** How far it is. */
  public enum State {
    /** Others are solved before it. */
    WAITING,
    /** It is solved now. */
    SOLVING,
    /** There is a plan. */
    SOLVED,
    /** No plan can follow all its limits. */
    INFEASIBLE,
    /** None was found. */
    FAILED,
    /** Somebody stopped it before a plan was found. */
    STOPPED;

    /** In lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing happens to it any more. */
    public boolean isEnd() {
      return this != WAITING && this != SOLVING;
    }
  }
}
