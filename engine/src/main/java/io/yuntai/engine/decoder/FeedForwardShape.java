package io.yuntai.engine.decoder;

/** What a layer does with each token by itself. */
public sealed interface FeedForwardShape {
  /**
   * One gated network for all tokens.
   *
   * @param length its inner length
   * @param fused whether the file has gate and up in one tensor, {@code ffn_up}, gates first
   */
  record Dense(int length, boolean fused) implements FeedForwardShape {}

  /**
   * A mixture of experts: each token goes through a few of many small networks.
   *
   * @param length inner length of one expert
   * @param sharedLength inner length of the network that all tokens go through beside; 0 for none
   * @param sharedGate whether that network's result is multiplied with a gate of its own
   * @param routing which experts a token goes through, and how much each counts
   */
  record Mixture(int length, int sharedLength, boolean sharedGate, Routing routing)
      implements FeedForwardShape {}
}
