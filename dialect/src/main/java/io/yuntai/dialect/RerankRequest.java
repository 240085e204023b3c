package io.yuntai.dialect;

import java.util.List;

/**
 * Documents to be ordered by how relevant they are to a query.
 *
 * @param model the model's name
 * @param query the query, not empty
 * @param instruction what documents are judged for, in words; empty for the model's usual one
 * @param documents at least one, none empty
 * @param top how many results are wanted, at least 1; more than there are documents means all
 * @param returnDocuments whether results carry their document's text
 * @param truncation what to do with a document that is too long
 */
public record RerankRequest(
    String model,
    String query,
    String instruction,
    List<String> documents,
    int top,
    boolean returnDocuments,
    Truncation truncation)
    implements EncoderRequest {
  @Override
  public RerankRequest withModel(String name) {
    return new RerankRequest(name, query, instruction, documents, top, returnDocuments, truncation);
  }

  /** Copies what could change. */
  public RerankRequest {
    documents = List.copyOf(documents);
    if (documents.isEmpty() || top < 1) {
      throw new IllegalArgumentException("there is at least one document, and one result");
    }
  }
}
