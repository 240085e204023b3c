package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.server.gateway.RateLimit;
import io.yuntai.server.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How an API writes the answer to one request. */
interface AnswerFormat {
  /** A whole answer: a JSON body. */
  byte[] whole(Answer answer);

  /** A new stream's writer. */
  AnswerStream stream(AnswerHead head);

  /**
   * A comment, which clients skip, for the silence of a stream; empty where the format has none.
   *
   * @param text of letters, digits and blanks
   */
  default byte[] comment(String text) {
    return (": " + text + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** What shows that a silent stream lives; empty where the format has nothing of that kind. */
  default byte[] keepAlive() {
    return comment("keep-alive");
  }

  /** Tells how the limits of the key stand, in headers of this API's names. */
  default void tell(List<RateLimit> limits, Exchange exchange) {
    LimitHeaders.openAi(limits, exchange);
  }

  /** The content type of streams. */
  default String streamType() {
    return Exchange.EVENT_STREAM;
  }
}
