package io.yuntai.engine.decoder;

import io.yuntai.engine.decoder.AttentionShape.GroupedQuery;
import io.yuntai.engine.decoder.FeedForwardShape.Dense;

/** The matrices of a layer that adapters add to. */
enum LoraTarget {
  QUERY(LoraInput.ATTENTION),
  KEY(LoraInput.ATTENTION),
  VALUE(LoraInput.ATTENTION),
  OUTPUT(LoraInput.ATTENDED),
  GATE(LoraInput.FEED_FORWARD),
  UP(LoraInput.FEED_FORWARD),
  DOWN(LoraInput.INNER);

  /** What it reads. */
  final LoraInput input;

  LoraTarget(LoraInput input) {
    this.input = input;
  }

  boolean ofAttention() {
    return input == LoraInput.ATTENTION || input == LoraInput.ATTENDED;
  }

  /** Rows of attention's matrices. */
  int rows(GroupedQuery shape, int width) {
    return switch (this) {
      case QUERY -> shape.heads() * shape.keyLength();
      case KEY -> shape.kvHeads() * shape.keyLength();
      case VALUE -> shape.kvHeads() * shape.valueLength();
      case OUTPUT -> width;
      case GATE, UP, DOWN -> throw new IllegalArgumentException(this + " is not attention's");
    };
  }

  /** Columns of attention's matrices. */
  int columns(GroupedQuery shape, int width) {
    return this == OUTPUT ? shape.heads() * shape.valueLength() : width;
  }

  /** Rows of the feed-forward network's matrices. */
  int rows(Dense shape, int width) {
    return this == DOWN ? width : shape.length();
  }

  /** Columns of the feed-forward network's matrices. */
  int columns(Dense shape, int width) {
    return this == DOWN ? shape.length() : width;
  }
}
