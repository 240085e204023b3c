package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.server.http.Exchange;

/** How an API writes the answer to one request. */
interface AnswerFormat {
  /** A whole answer: a JSON body. */
  byte[] whole(Answer answer);

  /** A new stream's writer. */
  AnswerStream stream(AnswerHead head);

  /** What fills the silence of a stream and means nothing; empty where there is no such thing. */
  byte[] comment();

  /** The content type of streams. */
  default String streamType() {
    return Exchange.EVENT_STREAM;
  }
}
