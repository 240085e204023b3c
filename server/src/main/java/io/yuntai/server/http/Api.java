package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import java.util.Optional;

/** One API: its paths, and how it says what went wrong. Safe for use by many threads. */
public interface Api {
  /**
   * Whether it answers for a path, be there something or not: then refusals have its shape.
   *
   * @param path as it came, percent-encoded
   */
  boolean owns(String path);

  /**
   * What is at a path of its own; empty for nothing, which is a 404.
   *
   * @param path as it came, percent-encoded
   */
  Optional<Resource> at(String path);

  /** Comes first with each request, for headers that every answer carries. */
  default void begin(Exchange exchange) {}

  /**
   * An error as its clients read it.
   *
   * @param requestId what {@code x-request-id} says
   */
  ErrorReply error(ApiError error, String requestId);

  /** Content type of its errors. */
  default String errorType() {
    return Exchange.JSON;
  }

  /**
   * An error's bytes.
   *
   * @param status 400 to 599
   * @param body JSON
   */
  record ErrorReply(int status, byte[] body) {}
}
