package io.yuntai.dialect;

import java.util.List;
import java.util.Optional;

/**
 * Documents by relevance.
 *
 * @param id of this answer
 * @param model the model's name as the client wrote it
 * @param results the most relevant first
 * @param usage tokens of all pairs of query and document
 */
public record RerankAnswer(String id, String model, List<Result> results, Usage usage)
    implements EncoderAnswer {
  /** Copies what could change. */
  public RerankAnswer {
    results = List.copyOf(results);
  }

  /**
   * A document's place in the order.
   *
   * @param index which of the request's documents
   * @param relevance from 0 to 1
   * @param document its text where that is wanted
   */
  public record Result(int index, double relevance, Optional<String> document) {}
}
