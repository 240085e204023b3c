package io.yuntai.server.routes;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One of the places that a route may lead to.
 *
 * @param destination who answers
 * @param weight its share among targets of its priority, at least 1
 * @param priority targets of the lowest number are asked first, others only when none of those can
 *     be
 * @param residency where data sent there stays, such as {@code eu}; empty where that is not known
 * @param contextTokens tokens of prompt and answer together, where known
 * @param price what it costs, where known
 */
public record Target(
    Destination destination,
    int weight,
    int priority,
    Set<String> residency,
    OptionalInt contextTokens,
    Optional<Price> price) {
  /** Copies the set. */
  public Target {
    residency = Set.copyOf(residency);
  }

  /** Who answers. */
  public sealed interface Destination {
    /** The model's name there. */
    String model();

    /** For people and metrics: {@code local/qwen2.5-coder:0.5b}, {@code openai/gpt-4.1}. */
    String label();

    /** A model of this server. */
    record Local(String model) implements Destination {
      @Override
      public String label() {
        return "local/" + model;
      }
    }

    /**
     * A model of an upstream.
     *
     * @param upstream its name in the file
     */
    record Remote(String upstream, String model) implements Destination {
      @Override
      public String label() {
        return upstream + "/" + model;
      }
    }
  }

  /**
   * Whether data may go there.
   *
   * @param demanded any one of these will do; empty for no demand
   */
  boolean satisfies(Set<String> demanded) {
    return demanded.isEmpty() || demanded.stream().anyMatch(residency::contains);
  }
}
