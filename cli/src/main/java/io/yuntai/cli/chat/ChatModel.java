package io.yuntai.cli.chat;

import java.util.List;

/** A model to talk to. */
interface ChatModel extends AutoCloseable {
  /** What it is called. */
  String name();

  /**
   * Asks for the assistant's next turn.
   *
   * @throws io.yuntai.cli.terminal.CommandException when the question can't be answered
   */
  RunningAnswer ask(List<Turn> conversation, ChatSettings settings) throws InterruptedException;

  @Override
  void close();
}
