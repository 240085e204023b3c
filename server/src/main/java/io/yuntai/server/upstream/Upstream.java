package io.yuntai.server.upstream;

import io.yuntai.dialect.ApiException;
import io.yuntai.dialect.EncoderRequest;
import io.yuntai.dialect.ModelRequest;
import io.yuntai.dialect.upstream.UpstreamCall;
import io.yuntai.dialect.upstream.UpstreamCall.Header;
import io.yuntai.dialect.upstream.UpstreamCodec;
import io.yuntai.server.telemetry.RequestTimeline;
import io.yuntai.server.telemetry.TraceContext;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A server that answers for us. Safe for use by many threads. */
public final class Upstream implements AutoCloseable {
  private static final int MAX_IDLE_CONNECTIONS = 1024;

  private final String name;
  private final UpstreamAddress address;
  private final UpstreamCodec codec;
  private final Credential credential;
  private final UpstreamTimeouts timeouts;
  private final Deadlines deadlines;
  private final ConnectionPool pool = new ConnectionPool(MAX_IDLE_CONNECTIONS);

  /** Everything between the request line and what differs from request to request. */
  private final String headers;

  /**
   * @param name for people and metrics
   * @param codec the API that it speaks
   * @param credential what it is shown
   * @param deadlines ends what takes too long
   */
  public Upstream(
      String name,
      UpstreamAddress address,
      UpstreamCodec codec,
      Credential credential,
      UpstreamTimeouts timeouts,
      Deadlines deadlines) {
    this.name = name;
    this.address = address;
    this.codec = codec;
    this.credential = credential;
    this.timeouts = timeouts;
    this.deadlines = deadlines;
    StringBuilder fixed = new StringBuilder(256);
    fixed.append(" HTTP/1.1\r\nhost: ").append(address.authority());
    fixed.append("\r\nuser-agent: yuntai\r\ncontent-type: application/json");
    if (!credential.isNone()) {
      append(fixed, codec.credentials(credential.secret()));
    }
    this.headers = fixed.toString();
  }

  /** For people and metrics. */
  public String name() {
    return name;
  }

  /**
   * A request that has not been sent yet; the caller closes it.
   *
   * @param request its model is the upstream's own name for it
   * @throws ApiException 400 when the upstream's API has no word for a setting
   */
  public UpstreamReply prepare(ModelRequest request) throws ApiException {
    boolean stream = request.delivery().stream();
    byte[] bytes = written(codec.call(request), stream);
    return new UpstreamReply(this, bytes, codec, codec.reader(request), request.model(), stream);
  }

  /**
   * A request that generates nothing and has not been sent yet; the caller closes it.
   *
   * @param request its model is the upstream's own name for it
   * @throws ApiException 400 when the upstream's API has no word for a setting
   */
  public EncoderReply prepare(EncoderRequest request) throws ApiException {
    byte[] bytes = written(codec.encoderCall(request), false);
    EncoderReply.Reader reader = new EncoderReply.Reader(codec, request);
    return new EncoderReply(
        new UpstreamReply(this, bytes, codec, reader, request.model(), false), reader);
  }

  private byte[] written(UpstreamCall call, boolean stream) {
    StringBuilder head = new StringBuilder(headers.length() + 192);
    head.append("POST ").append(address.basePath()).append(call.path()).append(headers);
    append(head, call.headers());
    RequestTimeline.ofThread()
        .flatMap(RequestTimeline::forUpstream)
        .ifPresent(trace ->
            head.append("\r\n").append(TraceContext.HEADER).append(": ").append(trace.header()));
    head.append("\r\naccept: ")
        .append(stream ? "text/event-stream" : "application/json")
        .append("\r\ncontent-length: ")
        .append(call.body().length)
        .append("\r\n\r\n");
    byte[] bytes = new byte[head.length() + call.body().length];
    byte[] ascii = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(ascii, 0, bytes, 0, ascii.length);
    System.arraycopy(call.body(), 0, bytes, ascii.length, call.body().length);
    return bytes;
  }

  /**
   * Asks whether it lives: {@code GET} of a path below its base URL.
   *
   * @return the HTTP status
   * @throws IOException when it can't be reached or does not answer in time
   */
  public int probe(String path, Duration timeout) throws IOException {
    byte[] request =
        ("GET " + address.basePath() + path + headers + "\r\nconnection: close\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    try (Socket socket = new Socket();
        Connection connection = Connection.open(socket, address, timeout)) {
      connection.limitReads(Math.toIntExact(Math.max(1, timeout.toMillis())));
      connection.write(request, request.length);
      return ResponseHead.read(connection).status();
    }
  }

  private static void append(StringBuilder out, List<Header> more) {
    for (Header header : more) {
      out.append("\r\n").append(header.name()).append(": ").append(header.value());
    }
  }

  UpstreamAddress address() {
    return address;
  }

  Credential credential() {
    return credential;
  }

  UpstreamTimeouts timeouts() {
    return timeouts;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  ConnectionPool pool() {
    return pool;
  }

  /** Closes idle connections; those in use are closed when their answers are complete. */
  @Override
  public void close() {
    pool.close();
  }
}
