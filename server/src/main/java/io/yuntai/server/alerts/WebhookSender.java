package io.yuntai.server.alerts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * POSTs a message to a URL, signed as Standard Webhooks 1.0 says: {@code webhook-id}, {@code
 * webhook-timestamp} and {@code webhook-signature}, an HMAC-SHA-256 of the three parts {@code
 * id.timestamp.body}.
 *
 * <p>It speaks HTTP/1.1 on a socket of its own, since the address that was checked must be the one
 * that is connected to: a name may mean another one a moment later. Safe for use by many threads.
 */
final class WebhookSender {
  private static final int MAX_STATUS_LINE = 1000;

  private final boolean allowsPrivate;
  private final SSLSocketFactory tls;
  private final Duration timeout;

  /**
   * @param timeout for all of a call
   */
  WebhookSender(boolean allowsPrivate, SSLSocketFactory tls, Duration timeout) {
    this.allowsPrivate = allowsPrivate;
    this.tls = tls;
    this.timeout = timeout;
  }

  /**
   * Sends a message.
   *
   * @param id the same at each attempt, so that a receiver knows what it has
   * @param secret {@code whsec_} and Base64
   * @throws IOException with a sentence, unless the answer is 2xx
   */
  void send(URI url, String id, Instant now, String secret, byte[] body) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    InetAddress address = PublicAddresses.resolve(host(url), allowsPrivate);
    boolean secure = "https".equals(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port), left(deadline));
      plain.setSoTimeout(left(deadline));
      try (Socket socket = secure ? secured(plain, url, port) : plain) {
        socket.setSoTimeout(left(deadline));
        OutputStream out = socket.getOutputStream();
        out.write(head(url, id, now, secret, body));
        out.write(body);
        out.flush();
        int status = status(socket, deadline);
        if (status < 200 || status > 299) {
          throw new IOException("It answered %d.".formatted(status));
        }
      }
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "It did not answer within %d seconds.".formatted(timeout.toSeconds()), e);
    }
  }

  private static String host(URI url) {
    String host = String.valueOf(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int left(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return Math.toIntExact(millis);
  }

  private SSLSocket secured(Socket plain, URI url, int port) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, host(url), port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] head(URI url, String id, Instant now, String secret, byte[] body) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return """
    POST %s%s HTTP/1.1
    Host: %s
    User-Agent: Yuntai
    Content-Type: application/json
    Content-Length: %d
    Connection: close
    webhook-id: %s
    webhook-timestamp: %d
    webhook-signature: v1,%s

    """
        .formatted(
            path,
            query,
            url.getRawAuthority(),
            body.length,
            id,
            now.getEpochSecond(),
            signature(id, now, secret, body))
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What a receiver computes too. */
  static String signature(String id, Instant now, String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
      mac.update("%s.%d.".formatted(id, now.getEpochSecond()).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static int status(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    while (line.length() < MAX_STATUS_LINE) {
      socket.setSoTimeout(left(deadline));
      int next = in.read();
      if (next < 0 || next == '\n') {
        break;
      }
      line.append((char) next);
    }
    String[] words = line.toString().strip().split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
      throw new IOException("Its answer is no HTTP/1.1.");
    }
    return Integer.parseInt(words[1]);
  }
}
