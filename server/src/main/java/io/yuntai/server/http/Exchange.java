package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.openai.OpenAiErrors;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The answer to one request, written by the request's own thread and, while that one waits for the
 * model, by whoever wants to know whether the client is still there.
 */
final class Exchange {
  static final String JSON = "application/json";
  private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
  private static final byte[] BLANK = {' '};

  private final Request request;
  private final Response response;
  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.OPEN;
  private volatile long lastWriteNanos = System.nanoTime();

  private enum State {
    OPEN,
    COMMITTED,
    ENDED
  }

  private boolean bodyRead;

  Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
  }

  /** Point of {@link System#nanoTime()} at which bytes were last written. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  /** The request's body has been read to its end. */
  void bodyRead() {
    bodyRead = true;
  }

  /** Writes an answer without a body. */
  void empty(int status) throws IOException {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.setStatus(status);
      }
      write(new byte[0], true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the exchange. Where the request's body was not read to its end, nobody knows where the
   * next request would begin: the connection goes.
   */
  void complete(Callback callback) {
    if (unread()) {
      callback.failed(new EOFException("the request was answered before its end"));
    } else {
      callback.succeeded();
    }
  }

  private boolean unread() {
    return !bodyRead && RequestHeaders.announceBody(request.getHeaders());
  }

  /** Adds a header; without effect once the answer has begun. */
  void header(String name, String value) {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.getHeaders().put(name, value);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes a whole answer in JSON. */
  void json(int status, byte[] body) throws IOException {
    whole(status, JSON, body);
  }

  /** Writes a whole answer. */
  void whole(int status, String contentType, byte[] body) throws IOException {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.setStatus(status);
        if (unread()) {
          response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      }
      write(body, true);
    } finally {
      lock.unlock();
    }
  }

  /** Writes an error in the caller's shape. */
  void error(ApiError error) throws IOException {
    error.retryAfterSeconds().ifPresent(s -> header("Retry-After", Integer.toString(s)));
    if (error.status() == 401) {
      header("WWW-Authenticate", "Bearer");
    }
    json(error.status(), OpenAiErrors.encode(error));
  }

  /** Writes a piece of an event stream and begins it where needed. */
  void event(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    lock.lock();
    try {
      begin(EVENT_STREAM);
      write(bytes, false);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the client has been told a status, so that an error can only be told in the stream. */
  boolean begun() {
    lock.lock();
    try {
      return state != State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Ends an event stream. */
  void end() throws IOException {
    lock.lock();
    try {
      write(new byte[0], true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes something that means nothing, so that a client that has gone answers with a reset: a
   * comment in a stream, a blank before a JSON body. Does nothing while the request's own thread
   * writes.
   *
   * @param comment what means nothing in a stream; empty where a JSON body will come
   */
  void probe(byte[] comment) throws IOException {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (state == State.ENDED) {
        return;
      }
      begin(comment.length > 0 ? EVENT_STREAM : JSON);
      write(comment.length > 0 ? comment : BLANK, false);
    } finally {
      lock.unlock();
    }
  }

  private void begin(String contentType) {
    if (state == State.OPEN) {
      HttpFields.Mutable headers = response.getHeaders();
      response.setStatus(200);
      headers.put(HttpHeader.CONTENT_TYPE, contentType);
      headers.put(HttpHeader.CACHE_CONTROL, "no-cache");
      // nginx and others collect a body before they pass it on unless told not to.
      headers.put("X-Accel-Buffering", "no");
      state = State.COMMITTED;
    }
  }

  private void write(byte[] bytes, boolean last) throws IOException {
    if (state == State.ENDED) {
      return;
    }
    state = last ? State.ENDED : State.COMMITTED;
    Content.Sink.write(response, last, ByteBuffer.wrap(bytes));
    lastWriteNanos = System.nanoTime();
  }
}
