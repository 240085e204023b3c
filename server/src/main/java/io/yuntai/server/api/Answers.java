package io.yuntai.server.api;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.AnswerStream;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Running;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.http.Exchange;
import io.yuntai.server.http.InFlight;
import io.yuntai.server.runs.IdempotentRuns;
import io.yuntai.server.runs.Run;
import io.yuntai.server.runs.Runs;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs canonical requests and writes their answers, for all APIs. Safe for use by many threads. */
final class Answers {
  /** Why an answer was ended before its time. */
  private static final String STOP_HEADER = "x-yuntai-stop";

  private static final int TOO_MANY_REQUESTS = 429;

  private final Gateway gateway;
  private final InFlight inFlight;
  private final Runs runs;
  private final IdempotentRuns named;

  Answers(Gateway gateway, InFlight inFlight, Runs runs) {
    this.gateway = gateway;
    this.inFlight = inFlight;
    this.runs = runs;
    this.named = new IdempotentRuns(runs);
  }

  /**
   * How much may be asked for at once, and how much more now, for keys of which nothing else limits
   * the requests. There is no point in time at which that count starts anew, so none is told.
   */
  void tellPlaces(Exchange exchange) {
    exchange.header("x-ratelimit-limit-requests", Integer.toString(inFlight.max()));
    exchange.header("x-ratelimit-remaining-requests", Integer.toString(inFlight.free()));
  }

  /**
   * Generates an answer and writes it, whole or as a stream as the request wants it.
   *
   * @throws ApiException what the caller is to be told, when nothing has been written yet
   * @throws IOException when the client has gone
   */
  void generate(ModelRequest request, Principal asker, AnswerFormat format, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    tellPlaces(exchange);
    RunPolicy policy = RunPolicy.of(exchange, asker);
    exchange.streamType(format.streamType());
    try {
      if (policy.goesOn() && (policy.demanded() || canBeReadAgain(request, format))) {
        generateAsRun(request, asker, format, policy, exchange);
      } else {
        generateHere(request, asker, format, exchange);
      }
    } catch (ApiException e) {
      if (e.error().status() == TOO_MANY_REQUESTS) {
        format.tell(gateway.limits(asker, request.model()), exchange);
      }
      throw e;
    }
  }

  /** Streams of APIs without event ids can't. */
  private static boolean canBeReadAgain(ModelRequest request, AnswerFormat format) {
    return !request.delivery().stream() || format.streamType().equals(Exchange.EVENT_STREAM);
  }

  /** The answer lives and dies with its client. */
  private void generateHere(
      ModelRequest request, Principal asker, AnswerFormat format, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    try (RunningAnswer answer = gateway.start(request, asker);
        InFlight.Listed _ = inFlight.list(answer)) {
      format.tell(gateway.limits(asker, request.model()), exchange);
      if (request.delivery().stream()) {
        AnswerSilence silence = new AnswerSilence(format, answer::progress);
        try (Exchange.Watch _ = exchange.watchStream(silence, cancelling(answer, gone))) {
          stream(answer, format.stream(answer.head()), exchange);
        }
      } else {
        try (Exchange.Watch _ = exchange.watch(cancelling(answer, gone))) {
          byte[] whole = format.whole(answer.collect());
          answer.stopNote().ifPresent(note -> exchange.header(STOP_HEADER, note));
          exchange.json(200, whole);
        }
      }
    } catch (ApiException e) {
      throw toldUnlessGone(e, gone);
    }
  }

  /** The answer goes on without its client. */
  private void generateAsRun(
      ModelRequest request,
      Principal asker,
      AnswerFormat format,
      RunPolicy policy,
      Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    boolean stream = request.delivery().stream();
    if (!canBeReadAgain(request, format)) {
      throw new ApiException(
          ApiError.invalidField(
              "unsupported_parameter",
              RunPolicy.HEADER,
              "Streams of this API have no event ids, so nobody could go on reading one; ask for a whole answer, or leave the header out."));
    }
    Run run =
        policy.idempotencyKey().isPresent()
            ? named.once(
                asker.id(),
                policy.idempotencyKey().get(),
                exchange.bodyDigest(),
                () -> begin(request, asker, format))
            : begin(request, asker, format);
    exchange.header("x-yuntai-run", run.id());
    format.tell(gateway.limits(asker, request.model()), exchange);
    if (stream) {
      AnswerSilence silence = new AnswerSilence(format, Optional::empty);
      RunReader.stream(run, RunReader.from(exchange), silence, exchange);
    } else {
      RunReader.whole(run, exchange);
    }
  }

  private Run begin(ModelRequest request, Principal asker, AnswerFormat format)
      throws ApiException {
    boolean stream = request.delivery().stream();
    RunningAnswer answer = gateway.start(request, asker);
    boolean begun = false;
    try {
      Run run =
          runs.start(
              asker.id(),
              request.model(),
              stream,
              answer,
              output -> {
                try (RunningAnswer open = answer;
                    InFlight.Listed _ = inFlight.list(answer)) {
                  AnswerRun.work(open, stream, format, output);
                }
              });
      begun = true;
      return run;
    } finally {
      if (!begun) {
        answer.close();
      }
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
  <A> void encode(
      EncoderGateway.Pending<A> started,
      Principal asker,
      String model,
      Encoder<A> encoder,
      Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    tellPlaces(exchange);
    LimitHeaders.openAi(gateway.limits(asker, model), exchange);
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
      if (event instanceof AnswerEvent.Finished && exchange.streamsEvents()) {
        answer.stopNote().ifPresent(note -> bytes.writeBytes(comment(note)));
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

  /** Headers are gone by then: clients pass comments over, and people see them. */
  private static byte[] comment(String note) {
    return (": " + STOP_HEADER + ": " + note + "\n\n").getBytes(StandardCharsets.US_ASCII);
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
