package io.yuntai.server.api;

import io.yuntai.dialect.Answer;
import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerHead;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.responses.ResponseObject;
import io.yuntai.dialect.responses.ResponseStream;
import io.yuntai.dialect.responses.ResponsesRequest;
import io.yuntai.dialect.responses.WholeResponses;
import io.yuntai.ledger.responses.ResponseStore;
import io.yuntai.ledger.responses.StoredResponse;
import io.yuntai.server.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * How a response is written, and kept when it is complete where its request wants that.
 *
 * @param id its name
 * @param created when the request came
 * @param tenant who asks
 */
record ResponseFormat(
    String id, Instant created, String tenant, ResponsesRequest request, ResponseStore store)
    implements AnswerFormat {
  static final Exchange.Silence SILENCE =
      () -> ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  Exchange.Silence silence() {
    return SILENCE;
  }

  @Override
  public byte[] whole(Answer answer) {
    ResponseObject response =
        WholeResponses.of(new ResponseStream(id, created.getEpochSecond(), request), answer);
    keep(response);
    return response.json();
  }

  @Override
  public AnswerStream stream(AnswerHead head) {
    ResponseStream stream = new ResponseStream(id, created.getEpochSecond(), request);
    return event -> {
      byte[] bytes = stream.encode(event);
      // Before the client is told: whoever goes on from it at once finds it.
      if (event instanceof AnswerEvent.Finished) {
        keep(stream.response());
      }
      return bytes;
    };
  }

  /** The response object before there is an answer; it is kept from now on. */
  byte[] begun() {
    return new ResponseObject(id, created.getEpochSecond(), request).json();
  }

  /** Keeps it where that is wanted. */
  void keep(ResponseObject response) {
    if (request.store()) {
      store.save(
          new StoredResponse(
              id,
              tenant,
              request.previousResponseId(),
              created,
              new String(request.items(), StandardCharsets.UTF_8),
              new String(response.output(), StandardCharsets.UTF_8),
              new String(response.json(), StandardCharsets.UTF_8)));
    }
  }
}
