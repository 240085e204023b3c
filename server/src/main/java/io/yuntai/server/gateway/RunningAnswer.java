package io.yuntai.server.gateway;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer as it comes, from an engine of ours or from an upstream.
 *
 * <p>For one reading thread; {@link #cancel} and {@link #tellStopping} may come from any.
 */
public interface RunningAnswer extends Running, AutoCloseable {
  /** What all its events have in common. */
  AnswerHead head();

  /**
   * The next event; blocks until there is one. {@link AnswerEvent.Finished} or {@link
   * AnswerEvent.Failed} is the last.
   */
  AnswerEvent next() throws InterruptedException;

  /** Whether {@link #next} would not block. */
  boolean hasReady();

  /** Cancels it if it still runs. */
  @Override
  void close();

  /**
   * All of it, in place of {@link #next}.
   *
   * @throws ApiException when it fails on the way
   */
  default Answer collect() throws InterruptedException, ApiException {
    List<WholeChoice> whole = new ArrayList<>();
    while (true) {
      switch (next()) {
        case AnswerEvent.Counted _ -> {}
        case AnswerEvent.Started started -> WholeChoice.at(whole, started.choice());
        case AnswerEvent.Delta delta -> WholeChoice.at(whole, delta.choice()).add(delta);
        case AnswerEvent.Reasoning more -> WholeChoice.at(whole, more.choice()).add(more);
        case AnswerEvent.CallStarted call -> WholeChoice.at(whole, call.choice()).add(call);
        case AnswerEvent.CallArguments more -> WholeChoice.at(whole, more.choice()).add(more);
        case AnswerEvent.ChoiceFinished end -> WholeChoice.at(whole, end.choice()).finish(end);
        case AnswerEvent.Failed failed -> throw new ApiException(failed.error());
        case AnswerEvent.Finished end -> {
          return new Answer(
              head(), whole.stream().map(WholeChoice::toChoice).toList(), end.usage());
        }
      }
    }
  }
}
