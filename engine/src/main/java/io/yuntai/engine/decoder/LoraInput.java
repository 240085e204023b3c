package io.yuntai.engine.decoder;

/** What is read by matrices that adapters add to: those of one input share its way down. */
enum LoraInput {
  /** The layer's input, normalised for attention. */
  ATTENTION,
  /** What attention found, of all heads. */
  ATTENDED,
  /** The feed-forward network's input, normalised. */
  FEED_FORWARD,
  /** What its gates let through. */
  INNER
}
