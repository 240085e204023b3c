package io.yuntai.ledger.bank;

import java.io.Serial;

/** A node with a newer epoch has taken this one's place: whoever sees this stops serving. */
public final class FencedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** For a node that was registered again. */
  public FencedException(Node node) {
    super(
        "Node "
            + node.id()
            + " of epoch "
            + node.epoch()
            + " was replaced: another gateway registered under its name. Give each gateway a name"
            + " of its own, or stop this one.");
  }
}
