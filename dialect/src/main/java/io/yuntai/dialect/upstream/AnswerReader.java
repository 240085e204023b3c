package io.yuntai.dialect.upstream;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiException;
import java.util.function.Consumer;

/**
 * One upstream answer to canonical events, in the order that {@link AnswerEvent} promises: {@code
 * Started} once for each choice and before its other events, {@code ChoiceFinished} once for each,
 * {@code Finished} last and once. {@code Failed} is never told: a failure is thrown.
 *
 * <p>Either {@link #body} is called once, or {@link #event} for each event and then {@link #end}.
 * For one thread.
 */
public interface AnswerReader {
  /**
   * A whole answer that was not streamed, down to {@code Finished}.
   *
   * @param json the body
   * @throws ApiException 502 when it is not what this API answers
   */
  void body(byte[] json, Consumer<AnswerEvent> sink) throws ApiException;

  /**
   * A server-sent event.
   *
   * @param name its {@code event} field; empty where it has none
   * @param bytes holds its data; may be reused after the call
   * @param from where the data begins
   * @param to where it ends, exclusive
   * @throws ApiException what the upstream says in place of an answer, or 502 when the event is not
   *     what this API sends
   */
  void event(String name, byte[] bytes, int from, int to, Consumer<AnswerEvent> sink)
      throws ApiException;

  /**
   * The stream has ended; tells what the reader held back, at the latest {@code Finished}.
   *
   * @throws ApiException 502 when the answer was not complete
   */
  void end(Consumer<AnswerEvent> sink) throws ApiException;

  /** Whether {@code Finished} has been told, so that the rest of the stream doesn't matter. */
  boolean complete();
}
