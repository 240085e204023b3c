package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses by itself (malformed HTTP, headers too long), in the caller's error shape. */
final class JettyErrors implements Request.Handler {
  private final HttpOptions options;
  private final Dispatcher dispatcher;
  private final RandomGenerator random;

  JettyErrors(HttpOptions options, Dispatcher dispatcher, RandomGenerator random) {
    this.options = options;
    this.dispatcher = dispatcher;
    this.random = random;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String id = JettyHandler.newId(random);
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    Api.ErrorReply reply =
        dispatcher.api(path == null ? "" : path).error(error(response.getStatus()), id);
    byte[] body = reply.body();
    response.setStatus(reply.status());
    var headers = response.getHeaders();
    headers.put("x-request-id", id);
    headers.put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
    headers.put(HttpHeader.CONTENT_LENGTH, body.length);
    // Nobody knows where the next request would begin.
    headers.put(HttpHeader.CONNECTION, "close");
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    response.write(
        true,
        ByteBuffer.wrap(body),
        Callback.from(
            () -> Thread.ofVirtual().name(id).start(() -> linger(endPoint, callback)),
            callback::failed));
    return true;
  }

  private static void linger(EndPoint endPoint, Callback callback) {
    try {
      LingeringClose.linger(endPoint);
      callback.succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    }
  }

  private ApiError error(int status) {
    if (status >= 500) {
      return status == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505
          ? ApiError.invalidRequest(
              status, "http_version_not_supported", "This server speaks HTTP/1.1.")
          : ApiError.internal("The server failed to answer.");
    }
    return switch (status) {
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, HttpStatus.URI_TOO_LONG_414 ->
          ApiError.invalidRequest(
              status,
              "request_header_too_large",
              "The request line and headers are longer than the %d bytes that this server takes."
                  .formatted(options.maxHeaderBytes()));
      case HttpStatus.REQUEST_TIMEOUT_408 ->
          ApiError.invalidRequest(status, "request_timeout", "The request came too slowly.");
      default ->
          ApiError.invalidRequest(
              status, "bad_http_request", "The request is not well-formed HTTP/1.1.");
    };
  }
}
