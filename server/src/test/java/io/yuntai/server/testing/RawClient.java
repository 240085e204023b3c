package io.yuntai.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that can misbehave. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  /** Connects. */
  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
  }

  /** A complete POST. */
  public static String post(String path, String json) {
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return head("POST", path)
        + "Content-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n"
        + json;
  }

  /** Request line, host and key; without the empty line. */
  public static String head(String method, String path) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + TestServer.KEY
        + "\r\n";
  }

  /** Sends text as it stands. */
  public RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes. */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends no more, but still reads. */
  public RawClient halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Whether there is something to read. */
  public boolean hasAnswer() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Reads until these characters have come, or the end. */
  public String readUntil(String end) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (!all.toString(StandardCharsets.UTF_8).endsWith(end)) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        break;
      }
      all.write(b);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Reads so many bytes of a chunked body, or all that there are. */
  public byte[] readChunked(int most) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < most
        && !all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n0\r\n\r\n")) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        break;
      }
      all.write(b);
    }
    return all.toByteArray();
  }

  /** Reads until the server closes. */
  public String readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      int n;
      while ((n = socket.getInputStream().read(buffer)) >= 0) {
        all.write(buffer, 0, n);
      }
    } catch (SocketException _) {
      // A reset: what came before it still counts.
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Closes with a reset instead of an end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
