package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;

/** Finds who answers a request. */
final class Dispatcher {
  private static final int MAX_ECHO_CHARS = 200;

  private final List<Api> apis;
  private final InFlight inFlight;

  /**
   * @param apis the first that owns a path has it; the last one answers for all others
   */
  Dispatcher(List<Api> apis, InFlight inFlight) {
    this.apis = List.copyOf(apis);
    this.inFlight = inFlight;
  }

  /** The API of a path. */
  Api api(String path) {
    for (Api api : apis) {
      if (api.owns(path)) {
        return api;
      }
    }
    return apis.getLast();
  }

  /**
   * Answers a request.
   *
   * @throws ApiException what the caller is to be told, when nothing has been written yet
   * @throws IOException when the client has gone
   */
  void answer(Api api, Exchange exchange) throws ApiException, IOException, InterruptedException {
    api.begin(exchange);
    Resource resource = resource(api, exchange);
    if (exchange.method().equals("OPTIONS")) {
      exchange.header(HttpHeader.ALLOW.asString(), resource.allow());
      exchange.empty(204);
      return;
    }
    Resource.Action action = action(resource, exchange);
    if (action.counted()) {
      inItsPlace(action.handler(), exchange);
    } else {
      action.handler().answer(exchange);
    }
  }

  private static Resource resource(Api api, Exchange exchange) throws ApiException {
    var found = api.at(exchange.path());
    if (found.isEmpty()) {
      throw new ApiException(
          ApiError.invalidRequest(
              404,
              "unknown_url",
              "Invalid URL (%s %s).".formatted(exchange.method(), shortened(exchange.path()))));
    }
    return found.get();
  }

  private static Resource.Action action(Resource resource, Exchange exchange) throws ApiException {
    var action = resource.action(exchange.method());
    if (action.isEmpty()) {
      exchange.header(HttpHeader.ALLOW.asString(), resource.allow());
      throw new ApiException(
          ApiError.invalidRequest(
              405,
              "method_not_allowed",
              "Not allowed to %s on %s; allowed are %s."
                  .formatted(
                      shortened(exchange.method()), shortened(exchange.path()), resource.allow())));
    }
    return action.get();
  }

  /** A refusal is written before the place is given up, so that a stopping server waits for it. */
  private void inItsPlace(Resource.Handler handler, Exchange exchange)
      throws ApiException, IOException, InterruptedException {
    try (InFlight.Place _ = inFlight.enter()) {
      try {
        handler.answer(exchange);
      } catch (ApiException e) {
        exchange.error(e.error());
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_ECHO_CHARS ? text : text.substring(0, MAX_ECHO_CHARS) + "...";
  }
}
