package io.yuntai.server.telemetry;

/** Is told of requests that have ended. Called by requests' own threads: quick, and never fails. */
@FunctionalInterface
public interface RequestSink {
  /** A request has ended: nothing of it changes any more. */
  void ended(RequestTimeline request);
}
