package io.yuntai.dialect;

/** One answer's events to the bytes of a dialect's stream. For one thread. */
public interface AnswerStream {
  /**
   * The bytes of an event; empty where the dialect says nothing. After {@link AnswerEvent.Finished}
   * or {@link AnswerEvent.Failed} the stream is complete.
   */
  byte[] encode(AnswerEvent event);
}
