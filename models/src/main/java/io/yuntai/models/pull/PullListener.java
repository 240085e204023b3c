package io.yuntai.models.pull;

/**
 * Hears what happens during a pull, one event at a time, on threads of the pull; must return soon
 * and not throw.
 */
@FunctionalInterface
public interface PullListener {
  void onEvent(PullEvent event);
}
