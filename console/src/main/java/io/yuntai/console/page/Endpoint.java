package io.yuntai.console.page;

import io.yuntai.dialect.ApiException;
import io.yuntai.server.http.Exchange;
import java.io.IOException;

/**
 * Something that pages' scripts ask for and that is no page: a stream of events, an upload, a
 * picture. What it refuses is answered as {@code application/problem+json}. A request other than
 * {@code GET} must carry the header {@code X-CSRF-Token}.
 *
 * @param method of HTTP
 * @param path with places in braces
 * @param audience who may use it
 * @param handler answers
 */
public record Endpoint(String method, String path, Audience audience, Handler handler) {
  /** Answers one request, on a thread that may block. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Writes the answer.
     *
     * @throws ApiException what the script is to be told, when nothing has been written yet
     * @throws IOException when the client has gone
     */
    void answer(Visit visit, Exchange exchange)
        throws ApiException, IOException, InterruptedException;
  }
}
