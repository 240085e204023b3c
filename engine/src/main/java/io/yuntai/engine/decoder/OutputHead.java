package io.yuntai.engine.decoder;

import java.util.List;

/** What becomes of a token's state behind the last layer, once it is normalised. */
public sealed interface OutputHead {
  /** A logit for each token of the vocabulary: what text goes on with. */
  record Logits() implements OutputHead {}

  /** The state itself: what vectors of texts are made of. */
  record State() implements OutputHead {}

  /**
   * A few products: of a classifier, or the logits of a few tokens.
   *
   * @param tensor of the file
   * @param rows of this tensor, in the order wanted
   */
  record Rows(String tensor, List<Integer> rows) implements OutputHead {
    /** Copies what could change. */
    public Rows {
      rows = List.copyOf(rows);
    }
  }
}
