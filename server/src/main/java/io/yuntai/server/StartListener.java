package io.yuntai.server;

/** Hears what happens during a start, one event at a time; must return soon and not throw. */
@FunctionalInterface
public interface StartListener {
  /** One thing happened. */
  void onEvent(StartEvent event);
}
