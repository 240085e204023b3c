package io.yuntai.server.api;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Running;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.InFlight;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs canonical requests and writes their answers, for all APIs. Safe for use by many threads. */
final class Answers {
  private final Gateway gateway;
  private final InFlight inFlight;

  Answers(Gateway gateway, InFlight inFlight) {
    this.gateway = gateway;
    this.inFlight = inFlight;
  }

  /**
   * Generates an answer and writes it, whole or as a stream as the request wants it.
   *
   * @throws ApiException what the caller is to be told, when nothing has been written yet
   * @throws IOException when the client has gone
   */
  void generate(ModelRequest request, Principal asker, AnswerFormat format, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    try (RunningAnswer answer = gateway.start(request, asker);
        InFlight.Listed _ = inFlight.list(answer)) {
      if (request.delivery().stream()) {
        exchange.streamType(format.streamType());
        try (Exchange.Watch _ = exchange.watchStream(format::comment, cancelling(answer, gone))) {
          stream(answer, format.stream(answer.head()), exchange);
        }
      } else {
        try (Exchange.Watch _ = exchange.watch(cancelling(answer, gone))) {
          exchange.json(200, format.whole(answer.collect()));
        }
      }
    } catch (ApiException e) {
      throw toldUnlessGone(e, gone);
    }
  }

  /** A dialect's writing of an answer. */
  interface Encoder<A> {
    byte[] encode(A answer);
  }

  /**
   * Waits for vectors or for an order of documents, writes them and closes them.
   *
   * @throws ApiException what the caller is to be told, when nothing has been written yet
   * @throws IOException when the client has gone
   */
  <A> void encode(EncoderGateway.Pending<A> started, Encoder<A> encoder, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    try (EncoderGateway.Pending<A> pending = started;
        InFlight.Listed _ = inFlight.list(pending);
        Exchange.Watch _ = exchange.watch(cancelling(pending, gone))) {
      exchange.json(200, encoder.encode(pending.answer()));
    } catch (ApiException e) {
      throw toldUnlessGone(e, gone);
    }
  }

  private static void stream(RunningAnswer answer, AnswerStream encoder, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AnswerEvent event;
    do {
      event = answer.next();
      if (event instanceof AnswerEvent.Failed failed && !exchange.begun()) {
        throw new ApiException(failed.error());
      }
      bytes.writeBytes(encoder.encode(event));
      // What is there already goes out in one write.
      if (!answer.hasReady()) {
        exchange.event(bytes.toByteArray());
        bytes.reset();
      }
    } while (!(event instanceof AnswerEvent.Finished || event instanceof AnswerEvent.Failed));
    exchange.event(bytes.toByteArray());
    exchange.end();
  }

  private static Runnable cancelling(Running running, AtomicBoolean gone) {
    return () -> {
      gone.set(true);
      running.cancel();
    };
  }

  /** What a client that has left need not be told any more. */
  private static ApiException toldUnlessGone(ApiException e, AtomicBoolean gone)
      throws EOFException {
    if (gone.get()) {
      throw new EOFException("the client has left");
    }
    return e;
  }
}
