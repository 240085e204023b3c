package io.yuntai.engine.prefix;

/** Long prompts that were asked before. Implementations are safe for use by many threads. */
@FunctionalInterface
public interface KeptPrompts {
  /** Keeps nothing. */
  KeptPrompts NONE = (_, _) -> KeptPrompt.NONE;

  /**
   * What is kept of a prompt; may wait for a disk.
   *
   * @param prompt token ids
   */
  KeptPrompt find(String namespace, int[] prompt);
}
