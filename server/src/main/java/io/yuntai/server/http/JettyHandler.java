package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.ledger.database.DatabaseException;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.Telemetry;
import io.yuntai.server.telemetry.TraceContext;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's way in: request ids, errors in the caller's shape, and an end to every exchange. */
final class JettyHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(JettyHandler.class);
  private static final int ID_BYTES = 12;
  private static final String CLIENT_REQUEST_ID = "x-client-request-id";
  private static final int MAX_CLIENT_ID_CHARS = 512;
  private static final int DATABASE_RETRY_SECONDS = 5;

  private final Dispatcher dispatcher;
  private final BodyReader bodies;
  private final ClientWatch clients;
  private final TrustedProxies proxies;
  private final IdleConnections connections;
  private final Telemetry telemetry;
  private final RandomGenerator random;

  JettyHandler(
      Dispatcher dispatcher,
      BodyReader bodies,
      ClientWatch clients,
      IdleConnections connections,
      TrustedProxies proxies,
      Telemetry telemetry,
      RandomGenerator random) {
    this.dispatcher = dispatcher;
    this.bodies = bodies;
    this.clients = clients;
    this.connections = connections;
    this.proxies = proxies;
    this.telemetry = telemetry;
    this.random = random;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    connections.busy(connection);
    // While the model computes nothing is read or written, and that is not idleness.
    request.addIdleTimeoutListener(_ -> false);
    String id = newId(random);
    response.getHeaders().put("x-request-id", id);
    nameByClient(request, response, id);
    String path = request.getHttpURI().getPath();
    Api api = dispatcher.api(path == null ? "" : path);
    Exchange exchange = new Exchange(request, response, id, api, bodies, clients, proxies);
    final Optional<Exception> broken;
    try (RequestTimeline timeline = begin(request, id, path == null ? "" : path)) {
      broken = timeline.within(() -> answer(api, exchange));
      timeline.answered(response.getStatus());
      if (broken.isPresent()) {
        timeline.clientLeft();
      }
    }
    // Before the callback: from then on the next request may be running on this connection.
    connections.idle(connection);
    if (broken.isEmpty()) {
      exchange.complete(callback);
    } else {
      callback.failed(broken.get());
    }
    return true;
  }

  private RequestTimeline begin(Request request, String id, String path) {
    HttpFields headers = request.getHeaders();
    String client = headers.get(HttpHeader.USER_AGENT);
    String parent = headers.get(TraceContext.HEADER);
    return telemetry.begin(id, path, client == null ? "" : client, parent == null ? "" : parent);
  }

  /** What broke the exchange off; empty for nothing. */
  private Optional<Exception> answer(Api api, Exchange exchange) {
    try {
      respond(api, exchange);
      exchange.linger();
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("{}: the client has left: {}", exchange.requestId(), e.toString());
      return Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(e);
    }
  }

  /** A client may name its request too, so that its log and ours can be read side by side. */
  private static void nameByClient(Request request, Response response, String id) {
    String name = request.getHeaders().get(CLIENT_REQUEST_ID);
    if (name != null
        && !name.isEmpty()
        && name.length() <= MAX_CLIENT_ID_CHARS
        && name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      response.getHeaders().put(CLIENT_REQUEST_ID, name);
      LOG.debug("{}: the client calls it {}", id, name);
    }
  }

  /** A fresh request id. */
  static String newId(RandomGenerator random) {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return "req_" + HexFormat.of().formatHex(id);
  }

  private void respond(Api api, Exchange exchange) throws IOException, InterruptedException {
    String id = exchange.requestId();
    try {
      dispatcher.answer(api, exchange);
    } catch (ApiException e) {
      LOG.debug("{}: {} {}", id, e.error().status(), e.error().message());
      exchange.error(e.error());
    } catch (DatabaseException e) {
      LOG.warn("{}: {}", id, e.getMessage(), e);
      exchange.error(
          ApiError.unavailable(
              "database_unavailable",
              "The server's database does not answer now; its log has more under " + id + ".",
              DATABASE_RETRY_SECONDS));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.error("{}: failed", id, e);
      exchange.error(
          ApiError.internal("The server failed to answer; its log has more under " + id + "."));
    }
  }
}
