package io.yuntai.engine.encoder;

/** How a sequence's vector comes from those of its tokens ({@code {architecture}.pooling_type}). */
enum Pooling {
  /** Their mean. */
  MEAN(1),
  /** The first one's. */
  CLS(2),
  /** The last one's. */
  LAST(3),
  /** The first one's through a classifier, to one number. */
  RANK(4);

  private final int id;

  Pooling(int id) {
    this.id = id;
  }

  /** The number that stands for it in GGUF files. */
  int id() {
    return id;
  }
}
