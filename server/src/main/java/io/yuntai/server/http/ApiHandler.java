package io.yuntai.server.http;

import io.yuntai.dialect.AnswerEvent;
import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.Delivery;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.openai.EncoderAnswers;
import io.yuntai.dialect.openai.EncoderRequests;
import io.yuntai.dialect.openai.OpenAiAnswers;
import io.yuntai.dialect.openai.OpenAiModels;
import io.yuntai.dialect.openai.OpenAiRequests;
import io.yuntai.dialect.openai.OpenAiStream;
import io.yuntai.server.gateway.Access;
import io.yuntai.server.gateway.EncoderGateway;
import io.yuntai.server.gateway.Gateway;
import io.yuntai.server.gateway.HostedEncoder;
import io.yuntai.server.gateway.HostedModel;
import io.yuntai.server.gateway.ModelHost;
import io.yuntai.server.gateway.Principal;
import io.yuntai.server.gateway.Running;
import io.yuntai.server.gateway.RunningAnswer;
import io.yuntai.server.metrics.ModelMetrics;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Answers one request of the API, on a thread that may block. */
final class ApiHandler {
  private static final byte[] NO_COMMENT = new byte[0];

  private final ModelHost models;
  private final ModelMetrics metrics;
  private final Gateway gateway;
  private final EncoderGateway encoders;
  private final Access access;
  private final BodyReader bodies;
  private final ClientWatch clients;
  private final InFlight inFlight;

  ApiHandler(
      ModelHost models,
      Gateway gateway,
      EncoderGateway encoders,
      Access access,
      BodyReader bodies,
      ClientWatch clients,
      InFlight inFlight) {
    this.models = models;
    this.metrics = new ModelMetrics(models);
    this.gateway = gateway;
    this.encoders = encoders;
    this.access = access;
    this.bodies = bodies;
    this.clients = clients;
    this.inFlight = inFlight;
  }

  /**
   * Answers a request.
   *
   * @throws ApiException what the caller is to be told, when nothing has been written yet
   * @throws IOException when the client has gone
   */
  void answer(Request request, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    String path = request.getHttpURI().getPath();
    switch (Route.of(request.getMethod(), path == null ? "" : path)) {
      case Route.About _ -> exchange.json(200, ascii("{\"name\":\"yuntai\",\"api\":\"/v1\"}"));
      case Route.Live _ -> exchange.json(200, ascii("{\"status\":\"live\"}"));
      case Route.Ready _ -> ready(exchange);
      case Route.Options options -> {
        exchange.header("Allow", options.allow());
        exchange.empty(204);
      }
      case Route.Metrics _ -> {
        authenticate(request);
        exchange.whole(200, ModelMetrics.CONTENT_TYPE, metrics.text());
      }
      case Route.Models _ -> {
        authenticate(request);
        exchange.json(200, OpenAiModels.encodeList(cards()));
      }
      case Route.Model model -> {
        authenticate(request);
        Optional<HostedEncoder> encoder = models.findEncoder(model.id());
        exchange.json(
            200,
            OpenAiModels.encode(
                encoder.isPresent() ? card(encoder.get()) : card(gateway.model(model.id()))));
      }
      case Route.Chat _ ->
          inItsPlace(exchange, () -> generate(request, exchange, OpenAiRequests::decodeChat));
      case Route.Completion _ ->
          inItsPlace(exchange, () -> generate(request, exchange, OpenAiRequests::decodeCompletion));
      case Route.Embeddings _ ->
          inItsPlace(
              exchange,
              () ->
                  encode(
                      request,
                      exchange,
                      EncoderRequests::decodeEmbedding,
                      encoders::embed,
                      EncoderAnswers::encode));
      case Route.Rerank _ ->
          inItsPlace(
              exchange,
              () ->
                  encode(
                      request,
                      exchange,
                      EncoderRequests::decodeRerank,
                      encoders::rerank,
                      EncoderAnswers::encode));
    }
  }

  /** A dialect's reading of a body. */
  private interface Decoder<R> {
    R decode(byte[] body) throws ApiException;
  }

  /** The gateway's start of a request for vectors or for an order of documents. */
  private interface Start<R, A> {
    EncoderGateway.Pending<A> start(R request, Principal asker) throws ApiException;
  }

  /** A dialect's writing of an answer. */
  private interface Encoder<A> {
    byte[] encode(A answer);
  }

  private interface Work {
    void run() throws ApiException, IOException, InterruptedException;
  }

  private void ready(Exchange exchange) throws IOException {
    if (inFlight.refusing()) {
      exchange.json(503, ascii("{\"status\":\"stopping\"}"));
    } else if (models.isEmpty()) {
      exchange.json(503, ascii("{\"status\":\"starting\"}"));
    } else {
      exchange.json(200, ascii("{\"status\":\"ready\"}"));
    }
  }

  private Principal authenticate(Request request) throws ApiException {
    String key = RequestHeaders.bearerToken(request.getHeaders());
    Optional<Principal> principal = access.authenticate(key);
    if (principal.isEmpty()) {
      String message =
          key.isEmpty()
              ? "You didn't provide an API key. Send it in an Authorization header: Authorization: Bearer YOUR_KEY."
              : "Incorrect API key provided. It is wrong, revoked or expired.";
      throw new ApiException(ApiError.invalidRequest(401, "invalid_api_key", message));
    }
    return principal.get();
  }

  /** A refusal is written before the place is given up, so that a stopping server waits for it. */
  private void inItsPlace(Exchange exchange, Work work)
      throws ApiException, IOException, InterruptedException {
    try (InFlight.Place _ = inFlight.enter()) {
      try {
        work.run();
      } catch (ApiException e) {
        exchange.error(e.error());
      }
    }
  }

  private void generate(Request jetty, Exchange exchange, Decoder<? extends ModelRequest> decoder)
      throws ApiException, IOException, InterruptedException {
    Principal asker = authenticate(jetty);
    ModelRequest request = read(jetty, exchange, decoder);
    try (RunningAnswer answer = gateway.start(request, asker);
        InFlight.Listed _ = inFlight.list(answer)) {
      deliver(answer, request.delivery(), jetty, exchange);
    }
  }

  private <R> R read(Request jetty, Exchange exchange, Decoder<R> decoder)
      throws ApiException, IOException, InterruptedException {
    RequestHeaders.requireJson(jetty.getHeaders());
    try (BodyReader.Body body = bodies.read(jetty)) {
      exchange.bodyRead();
      return decoder.decode(body.toBytes());
    }
  }

  private <R, A> void encode(
      Request jetty, Exchange exchange, Decoder<R> decoder, Start<R, A> start, Encoder<A> encoder)
      throws ApiException, IOException, InterruptedException {
    Principal asker = authenticate(jetty);
    R request = read(jetty, exchange, decoder);
    AtomicBoolean gone = new AtomicBoolean();
    try (EncoderGateway.Pending<A> pending = start.start(request, asker);
        InFlight.Listed _ = inFlight.list(pending);
        ClientWatch.Client _ =
            clients.watch(channel(jetty), exchange, NO_COMMENT, cancelling(pending, gone))) {
      exchange.json(200, encoder.encode(pending.answer()));
    } catch (ApiException e) {
      throw toldUnlessGone(e, gone);
    }
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

  private void deliver(RunningAnswer answer, Delivery delivery, Request jetty, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    AtomicBoolean gone = new AtomicBoolean();
    byte[] comment = delivery.stream() ? OpenAiStream.comment() : NO_COMMENT;
    try (ClientWatch.Client _ =
        clients.watch(channel(jetty), exchange, comment, cancelling(answer, gone))) {
      if (delivery.stream()) {
        stream(answer, delivery.includeUsage(), exchange);
      } else {
        exchange.json(200, OpenAiAnswers.encode(answer.collect()));
      }
    } catch (ApiException e) {
      throw toldUnlessGone(e, gone);
    }
  }

  private static void stream(RunningAnswer answer, boolean includeUsage, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    OpenAiStream encoder = new OpenAiStream(answer.head(), includeUsage);
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

  private List<OpenAiModels.Card> cards() {
    return Stream.concat(
            models.all().stream().map(ApiHandler::card),
            models.encoders().stream().map(ApiHandler::card))
        .sorted(Comparator.comparing(OpenAiModels.Card::id))
        .toList();
  }

  private static OpenAiModels.Card card(HostedEncoder model) {
    return new OpenAiModels.Card(model.name(), model.createdEpochSeconds(), model.owner());
  }

  private static OpenAiModels.Card card(HostedModel model) {
    return new OpenAiModels.Card(model.name(), model.createdEpochSeconds(), model.owner());
  }

  private static @Nullable SocketChannel channel(Request request) {
    return request.getConnectionMetaData().getConnection().getEndPoint()
                instanceof SelectableChannelEndPoint endPoint
            && endPoint.getChannel() instanceof SocketChannel channel
        ? channel
        : null;
  }

  private static byte[] ascii(String json) {
    return json.getBytes(StandardCharsets.US_ASCII);
  }
}
