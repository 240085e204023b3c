package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.RerankAnswer;
import io.yuntai.dialect.RerankRequest;
import io.yuntai.dialect.Usage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Documents' relevance as upstreams write it. Documents are ours: theirs are not read. */
public final class UpstreamRanks {
  private UpstreamRanks() {}

  /**
   * Reads {@code results}, a list of {@code index} and {@code relevance_score} or {@code score},
   * wherever in an object it stands, and {@code usage}.
   *
   * @param json an object
   * @throws ApiException 502 when it does not rank these documents
   */
  public static RerankAnswer read(RerankRequest request, byte[] json) throws ApiException {
    List<RerankAnswer.Result> results = new ArrayList<>();
    long tokens = 0;
    try (JsonParser parser = UpstreamJson.parser(json, 0, json.length)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        results(request, parser, results); // SGLang's
      }
      while (first == JsonToken.START_OBJECT && parser.nextToken() != null) {
        String name = parser.currentName();
        if (parser.currentToken() == JsonToken.PROPERTY_NAME && name != null) {
          JsonToken value = parser.nextToken();
          switch (name) {
            case "results" -> {
              if (value == JsonToken.START_ARRAY) {
                results(request, parser, results);
              }
            }
            case "total_tokens" -> tokens = UpstreamJson.count(parser, value);
            case "output", "usage" -> {} // further in
            default -> parser.skipChildren();
          }
        }
      }
    } catch (JacksonException _) {
      throw UpstreamJson.broken("it is not JSON");
    }
    if (results.size() < Math.min(request.top(), request.documents().size())) {
      throw UpstreamJson.broken(
          "it has %d results for %d documents"
              .formatted(results.size(), request.documents().size()));
    }
    results.sort(
        Comparator.comparingDouble((RerankAnswer.Result result) -> -result.relevance())
            .thenComparingInt(RerankAnswer.Result::index));
    return new RerankAnswer(
        "",
        request.model(),
        results.subList(0, Math.min(request.top(), results.size())),
        Usage.ofPrompt(tokens));
  }

  private static void results(
      RerankRequest request, JsonParser json, List<RerankAnswer.Result> results)
      throws ApiException {
    BitSet seen = new BitSet();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      long index = -1;
      double relevance = Double.NaN;
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "index" -> index = UpstreamJson.count(json, value);
          case "relevance_score", "score" ->
              relevance = value.isNumeric() ? json.getDoubleValue() : Double.NaN;
          default -> json.skipChildren();
        }
      }
      if (index < 0 || index >= request.documents().size() || !Double.isFinite(relevance)) {
        throw UpstreamJson.broken("a result names none of the documents, or no relevance");
      }
      int at = (int) index;
      if (seen.get(at)) {
        throw UpstreamJson.broken("the document " + at + " has two results");
      }
      seen.set(at);
      results.add(
          new RerankAnswer.Result(
              at,
              relevance,
              request.returnDocuments()
                  ? Optional.of(request.documents().get(at))
                  : Optional.empty()));
    }
  }
}
