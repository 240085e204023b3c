package io.yuntai.cli.chat;

import org.jspecify.annotations.Nullable;

/** Where a conversation's lines come from. */
interface LineSource {
  /**
   * The next line; empty after Ctrl-C; null at the end of the input.
   *
   * @param prompt what stands before the cursor
   */
  @Nullable String read(String prompt);
}
