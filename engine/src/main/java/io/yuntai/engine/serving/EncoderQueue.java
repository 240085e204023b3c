package io.yuntai.engine.serving;

import io.yuntai.engine.encoder.EncoderInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which sequences share the next step: namespaces take turns, in each its requests, and of a
 * request one sequence at a time. So a request of a thousand long documents holds up a short one by
 * one document for each turn, never by a thousand. For one thread.
 */
final class EncoderQueue {
  /** The namespace whose turn it is first, and in each the request. */
  private final Map<String, Deque<EncoderJob>> queues = new LinkedHashMap<>();

  /**
   * One sequence of a step.
   *
   * @param result where its result goes
   */
  record Piece(EncoderJob job, EncoderInput input, float[] result) {}

  void add(EncoderJob job) {
    queues.computeIfAbsent(job.namespace(), _ -> new ArrayDeque<>()).addLast(job);
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }

  /** Takes out every request that has sequences waiting and for which this holds. */
  List<EncoderJob> remove(Predicate<EncoderJob> which) {
    List<EncoderJob> removed = new ArrayList<>();
    queues
        .values()
        .forEach(jobs -> {
          for (EncoderJob job : jobs) {
            if (which.test(job)) {
              removed.add(job);
            }
          }
          jobs.removeIf(which);
        });
    queues.values().removeIf(Deque::isEmpty);
    return removed;
  }

  /**
   * Takes the next step's sequences: at least one if any waits, and no more tokens than these
   * unless the first alone has more. A sequence that does not fit any more keeps its turn for the
   * next step.
   */
  List<Piece> take(int maxTokens) {
    List<Piece> step = new ArrayList<>();
    int tokens = 0;
    while (!queues.isEmpty()) {
      Map.Entry<String, Deque<EncoderJob>> turn = queues.entrySet().iterator().next();
      Deque<EncoderJob> jobs = turn.getValue();
      EncoderJob job = jobs.getFirst();
      EncoderInput input = job.next();
      tokens += input.tokens().length;
      if (!step.isEmpty() && tokens > maxTokens) {
        break;
      }
      step.add(new Piece(job, input, job.take()));
      jobs.removeFirst();
      if (job.hasMore()) {
        jobs.addLast(job);
      }
      queues.remove(turn.getKey());
      if (!jobs.isEmpty()) {
        queues.put(job.namespace(), jobs);
      }
    }
    return step;
  }
}
