package io.yuntai.server.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A connection to an upstream and the bytes read ahead from it. For one thread but for close. */
final class Connection implements AutoCloseable {
  private static final int BUFFER_BYTES = 8192;

  private final Socket socket;
  private final Socket raw;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long idleSinceNanos = System.nanoTime();
  private boolean received;

  /**
   * @param raw what {@code socket} runs over; closed at the end without a farewell, which might
   *     have to wait for a writer
   */
  private Connection(Socket socket, Socket raw) throws IOException {
    this.socket = socket;
    this.raw = raw;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /**
   * Opens a connection, and TLS on it where asked for.
   *
   * @param socket not connected; whoever holds it may close it to give up
   */
  static Connection open(Socket socket, UpstreamAddress address, Duration timeout)
      throws IOException {
    int millis = Math.toIntExact(Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
    InetSocketAddress where = new InetSocketAddress(address.host(), address.port());
    if (where.isUnresolved()) {
      throw new UnknownHostException("the host " + address.host() + " is not known");
    }
    socket.setTcpNoDelay(true);
    socket.connect(where, millis);
    if (!address.tls()) {
      return new Connection(socket, socket);
    }
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket secure =
        (SSLSocket) factory.createSocket(socket, address.host(), address.port(), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    secure.setSSLParameters(parameters);
    secure.setSoTimeout(millis);
    secure.startHandshake();
    secure.setSoTimeout(0);
    return new Connection(secure, socket);
  }

  void write(byte[] bytes, int length) throws IOException {
    received = false;
    out.write(bytes, 0, length);
    out.flush();
  }

  /** Whether anything has come since the last {@link #write}. */
  boolean received() {
    return received;
  }

  /** Bytes that can be had without waiting. */
  int buffered() {
    return end - at;
  }

  byte[] buffer() {
    return buffer;
  }

  int position() {
    return at;
  }

  void skip(int bytes) {
    at += bytes;
  }

  /** The next byte. */
  int read() throws IOException {
    if (at == end) {
      fill();
    }
    return buffer[at++] & 0xFF;
  }

  /** Waits for further bytes; only when there are none. */
  void fill() throws IOException {
    if (!tryFill()) {
      throw new EOFException("the connection was closed");
    }
  }

  /**
   * Waits for further bytes; only when there are none.
   *
   * @return false at the connection's end
   */
  boolean tryFill() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    at = 0;
    end = Math.max(count, 0);
    received = received || count > 0;
    return count > 0;
  }

  void idle(long nowNanos) {
    idleSinceNanos = nowNanos;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /** Whether the other side has closed it, or said something unasked, while it was idle. */
  boolean stale() {
    try {
      if (buffered() > 0) {
        return true;
      }
      socket.setSoTimeout(1);
      try {
        return in.read(buffer, 0, 1) >= -1;
      } catch (SocketTimeoutException _) {
        return false;
      } finally {
        socket.setSoTimeout(0);
      }
    } catch (IOException _) {
      return true;
    }
  }

  /** Bounds the next reads; for the last bytes of an exchange. */
  void limitReads(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  @Override
  public void close() {
    closeQuietly(raw);
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
