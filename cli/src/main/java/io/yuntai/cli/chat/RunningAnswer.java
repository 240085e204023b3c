package io.yuntai.cli.chat;

import org.jspecify.annotations.Nullable;

/** An answer that is being generated. Read by one thread; {@link #cancel} may come from any. */
interface RunningAnswer extends AutoCloseable {
  /**
   * The next piece of text, as soon as there is one; null at the end.
   *
   * @throws io.yuntai.cli.terminal.CommandException when the model fails
   */
  @Nullable String next() throws InterruptedException;

  /** Ends the answer soon. */
  void cancel();

  /** What it took; to be asked after the end. */
  AnswerFacts facts();

  @Override
  void close();
}
