package io.yuntai.server.gateway;

/** Something that an engine works on for a client. Both may be called from any thread. */
public interface Running {
  /** Ends it within one step of the engine; nobody reads the rest. */
  void cancel();

  /** Ends it within one step of the engine; the client is told that the server is stopping. */
  void tellStopping();
}
