package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's way in: request ids, errors in the caller's shape, and an end to every exchange. */
final class JettyHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(JettyHandler.class);
  private static final int ID_BYTES = 12;
  private static final String CLIENT_REQUEST_ID = "x-client-request-id";
  private static final int MAX_CLIENT_ID_CHARS = 512;

  private final Dispatcher dispatcher;
  private final BodyReader bodies;
  private final ClientWatch clients;
  private final TrustedProxies proxies;
  private final IdleConnections connections;
  private final RandomGenerator random;

  JettyHandler(
      Dispatcher dispatcher,
      BodyReader bodies,
      ClientWatch clients,
      IdleConnections connections,
      TrustedProxies proxies,
      RandomGenerator random) {
    this.dispatcher = dispatcher;
    this.bodies = bodies;
    this.clients = clients;
    this.connections = connections;
    this.proxies = proxies;
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
    @Nullable Exception broken = null;
    try {
      respond(api, exchange);
      exchange.linger();
    } catch (IOException e) {
      LOG.debug("{}: the client has left: {}", id, e.toString());
      broken = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      broken = e;
    }
    // Before the callback: from then on the next request may be running on this connection.
    connections.idle(connection);
    if (broken == null) {
      exchange.complete(callback);
    } else {
      callback.failed(broken);
    }
    return true;
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
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      LOG.error("{}: failed", id, e);
      exchange.error(
          ApiError.internal("The server failed to answer; its log has more under " + id + "."));
    }
  }
}
