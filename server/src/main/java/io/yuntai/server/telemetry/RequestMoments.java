package io.yuntai.server.telemetry;

import io.yuntai.ledger.requests.LoggedRequest;

/** Is told the figures of requests that have ended. Quick, and safe for use by many threads. */
public interface RequestMoments {
  /** An HTTP request was answered, whatever it was for. */
  void answered(int status, long micros);

  /** A request for a model's work has ended. */
  void ended(LoggedRequest request);

  /** Tells them of each request. */
  default RequestSink sink() {
    return request -> {
      answered(request.status(), Math.max(0, request.endNanos() - request.startNanos()) / 1000);
      if (request.isForModel()) {
        ended(LoggedRequests.of(request));
      }
    };
  }
}
