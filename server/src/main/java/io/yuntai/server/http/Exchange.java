package io.yuntai.server.http;

import io.yuntai.dialect.ApiError;
import io.yuntai.dialect.ApiException;
import io.yuntai.server.telemetry.RequestTimeline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, which is written by the request's own thread and, while that one
 * waits for the model, by whoever wants to know whether the client is still there.
 */
public final class Exchange {
  /** Content type. */
  public static final String JSON = "application/json";

  /** Content type of server-sent events. */
  public static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final int FILE_PIECE_BYTES = 64 << 10;
  private static final byte[] BLANK = {' '};
  private static final Silence BEFORE_JSON = BLANK::clone;

  private final Request request;
  private final Response response;
  private final String requestId;
  private final Api api;
  private final BodyReader bodies;
  private final BodyChunks chunks;
  private final TrustedProxies proxies;
  private final ClientWatch clients;
  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.OPEN;
  private volatile long lastWriteNanos = System.nanoTime();

  private enum State {
    OPEN,
    COMMITTED,
    ENDED
  }

  private boolean bodyRead;
  private byte[] bodyDigest = new byte[0];
  private String streamType = EVENT_STREAM;

  Exchange(
      Request request,
      Response response,
      String requestId,
      Api api,
      BodyReader bodies,
      ClientWatch clients,
      TrustedProxies proxies) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
    this.api = api;
    this.bodies = bodies;
    this.chunks = new BodyChunks(request);
    this.clients = clients;
    this.proxies = proxies;
  }

  /** The request's method. */
  public String method() {
    return request.getMethod();
  }

  /** The request's path as it came, percent-encoded. */
  public String path() {
    String path = request.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  /** What {@code x-request-id} says: ours, unique. */
  public String requestId() {
    return requestId;
  }

  /** A header of the request; the first one of that name. */
  public Optional<String> requestHeader(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /**
   * Who asks: where the connection comes from, or whom a trusted proxy names; of a connection that
   * has no address, loopback.
   */
  public InetAddress clientAddress() {
    return proxies.client(peer(), request.getHeaders().getValuesList(TrustedProxies.header()));
  }

  private InetAddress peer() {
    return request.getConnectionMetaData().getRemoteSocketAddress()
                instanceof InetSocketAddress socket
            && socket.getAddress() != null
        ? socket.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  /** A cookie of the request; the first one of that name. */
  public Optional<String> cookie(String name) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(name)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  /** The bearer token; empty where there is none. */
  public String bearerToken() {
    return RequestHeaders.bearerToken(request.getHeaders());
  }

  /**
   * A parameter of the request's query; the first one of that name.
   *
   * @throws ApiException 400 when the query can't be read
   */
  public Optional<String> query(String name) throws ApiException {
    try {
      return Optional.ofNullable(Request.extractQueryParameters(request).getValue(name));
    } catch (RuntimeException _) {
      throw new ApiException(
          ApiError.invalidRequest(
              400, "bad_http_request", "The query of the URL is not well-formed."));
    }
  }

  /**
   * All parameters of the request's query.
   *
   * @throws ApiException 400 when the query can't be read
   */
  public FormFields query() throws ApiException {
    String query = request.getHttpURI().getQuery();
    return query == null ? FormFields.NONE : FormFields.parse(query);
  }

  /**
   * Reads the request's body, which must be a form of a page. A small file is among its values in
   * Base64.
   *
   * @throws ApiException 415, 413, 408 or 400
   */
  public FormFields readForm() throws ApiException, InterruptedException {
    if (UploadReader.isMultipart(request)) {
      FormFields form = UploadReader.readForm(request);
      bodyRead = true;
      return form;
    }
    RequestHeaders.requireForm(request.getHeaders());
    try (BodyReader.Body body = bodies.read(chunks)) {
      bodyRead = true;
      return FormFields.parse(new String(body.toBytes(), StandardCharsets.UTF_8));
    }
  }

  /** A dialect's reading of a body. */
  @FunctionalInterface
  public interface Decoder<R> {
    /**
     * Reads it.
     *
     * @throws ApiException naming what is wrong
     */
    R decode(byte[] body) throws ApiException;
  }

  /**
   * Reads the request's body, which must be JSON in UTF-8.
   *
   * @throws ApiException 415, 413, 408 or 400, or what the decoder says
   */
  public <R> R readJson(Decoder<R> decoder) throws ApiException, InterruptedException {
    RequestHeaders.requireJson(request.getHeaders());
    try (BodyReader.Body body = bodies.read(chunks)) {
      bodyRead = true;
      byte[] bytes = body.toBytes();
      if (requestHeader(IDEMPOTENCY_KEY).isPresent()) {
        bodyDigest = digest(method() + " " + path() + "\n", bytes);
      }
      return decoder.decode(bytes);
    }
  }

  /**
   * Reads the request's body, which must be a form with a file.
   *
   * @param folder where the file goes, for the caller to move or delete
   * @param fileBytesMax longest file
   * @throws ApiException 415, 413, 408 or 400
   */
  public Upload readUpload(Path folder, long fileBytesMax)
      throws ApiException, InterruptedException {
    Upload upload = UploadReader.read(request, folder, fileBytesMax);
    bodyRead = true;
    return upload;
  }

  /** What the client calls this request, if it does. */
  public Optional<String> idempotencyKey() {
    return requestHeader(IDEMPOTENCY_KEY);
  }

  /** SHA-256 of method, path and body; of a request with an idempotency key whose body was read. */
  public byte[] bodyDigest() {
    return bodyDigest.clone();
  }

  private static byte[] digest(String line, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Ends the watching of a client. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Watches whether the client is still there while it waits for a whole body.
   *
   * @param onGone runs at most a few times, on any thread; quick
   */
  public Watch watch(Runnable onGone) {
    return clients.watch(channel(), this, false, BEFORE_JSON, onGone);
  }

  /**
   * Watches whether the client is still there while it reads a stream, and fills its silence.
   *
   * @param silence what to fill it with
   * @param onGone runs at most a few times, on any thread; quick
   */
  public Watch watchStream(Silence silence, Runnable onGone) {
    return clients.watch(channel(), this, true, silence, onGone);
  }

  /** What means nothing in a stream; asked by any thread. */
  public interface Silence {
    /** What shows that the stream lives; empty where the stream has nothing of that kind. */
    byte[] keepAlive();

    /** News that are worth telling sooner than that, about once a second; empty for none. */
    default byte[] news() {
      return new byte[0];
    }
  }

  private @Nullable SocketChannel channel() {
    return request.getConnectionMetaData().getConnection().getEndPoint()
                instanceof SelectableChannelEndPoint endPoint
            && endPoint.getChannel() instanceof SocketChannel channel
        ? channel
        : null;
  }

  /** What streams of this answer are; {@link #EVENT_STREAM} unless it is said. */
  public void streamType(String contentType) {
    streamType = contentType;
  }

  /** Point of {@link System#nanoTime()} at which bytes were last written. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  /** Writes an answer without a body. */
  public void empty(int status) throws IOException {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.setStatus(status);
        announceClose();
      }
      write(new byte[0], true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Where the request's body was not read to its end, nobody knows where the next request would
   * begin: the connection goes, but not before the client could read its answer.
   */
  void linger() throws InterruptedException {
    if (unread()) {
      LingeringClose.linger(request.getConnectionMetaData().getConnection().getEndPoint(), chunks);
    }
  }

  /** Ends the exchange, and the connection where the request's body was not read to its end. */
  void complete(Callback callback) {
    if (unread()) {
      callback.failed(new EOFException("the request was answered before its end"));
    } else {
      callback.succeeded();
    }
  }

  /** So that the client sends its next request elsewhere. */
  private void announceClose() {
    if (unread()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
  }

  private boolean unread() {
    return !bodyRead && RequestHeaders.announceBody(request.getHeaders());
  }

  /** Adds a header; without effect once the answer has begun. */
  public void header(String name, String value) {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.getHeaders().put(name, value);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds one more header of a name; without effect once the answer has begun. */
  public void addHeader(String name, String value) {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.getHeaders().add(name, value);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes a whole answer in JSON. */
  public void json(int status, byte[] body) throws IOException {
    whole(status, JSON, body);
  }

  /** Writes a whole answer. */
  public void whole(int status, String contentType, byte[] body) throws IOException {
    lock.lock();
    try {
      if (state == State.OPEN) {
        response.setStatus(status);
        announceClose();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      }
      write(body, true);
    } finally {
      lock.unlock();
    }
  }

  /** Writes a file as a whole answer. */
  public void file(String contentType, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      header("Content-Length", Long.toString(Files.size(file)));
      streamType(contentType);
      byte[] piece = new byte[FILE_PIECE_BYTES];
      for (int size = content.read(piece); size >= 0; size = content.read(piece)) {
        event(Arrays.copyOf(piece, size));
      }
      end();
    }
  }

  /** Whether a stream of this answer is one of server-sent events. */
  public boolean streamsEvents() {
    return streamType.equals(EVENT_STREAM);
  }

  /** Writes an error in the API's shape. */
  public void error(ApiError error) throws IOException {
    RequestTimeline.current().failed(error);
    if (error.code().equals(Optional.of("insufficient_quota"))) {
      header("x-should-retry", "false"); // official clients would try a 429 again at once
    }
    error.retryAfterSeconds().ifPresent(s -> header("Retry-After", Integer.toString(s)));
    if (error.status() == 401) {
      header("WWW-Authenticate", "Bearer");
    }
    Api.ErrorReply reply = api.error(error, requestId);
    whole(reply.status(), api.errorType(), reply.body());
  }

  /** Writes a piece of an event stream and begins it where needed. */
  public void event(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    lock.lock();
    try {
      begin(streamType);
      write(bytes, false);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the client has been told a status, so that an error can only be told in the stream. */
  public boolean begun() {
    lock.lock();
    try {
      return state != State.OPEN;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a stream, which may have been empty. */
  public void end() throws IOException {
    lock.lock();
    try {
      begin(streamType);
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
   * @param stream whether a stream will come, or a JSON body
   * @param comment what means nothing there; may be empty
   */
  void probe(boolean stream, byte[] comment) throws IOException {
    if (comment.length == 0 || !lock.tryLock()) {
      return;
    }
    try {
      if (state == State.ENDED) {
        return;
      }
      begin(stream ? streamType : JSON);
      write(comment, false);
    } finally {
      lock.unlock();
    }
  }

  private void begin(String contentType) {
    if (state == State.OPEN) {
      HttpFields.Mutable headers = response.getHeaders();
      response.setStatus(200);
      announceClose();
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
