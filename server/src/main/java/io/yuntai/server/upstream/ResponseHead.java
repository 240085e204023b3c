package io.yuntai.server.upstream;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What stands before an answer's body.
 *
 * @param status 200 to 599
 * @param contentType in lower case; empty where there is none
 * @param framing how the body ends
 * @param length bytes of the body; 0 but for {@link Framing#LENGTH}
 * @param keepAlive whether another request may follow on the connection
 * @param retryAfterSeconds what {@code Retry-After} says
 * @param requestId the upstream's own name for the exchange; empty where it gives none
 */
record ResponseHead(
    int status,
    String contentType,
    Framing framing,
    long length,
    boolean keepAlive,
    OptionalInt retryAfterSeconds,
    String requestId) {
  /** How a body ends. */
  enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_RETRY_AFTER_SECONDS = 86_400;

  /** Reads a head; those of status 1xx are skipped. */
  static ResponseHead read(Connection connection) throws IOException {
    ResponseHead head;
    do {
      head = readOne(connection);
    } while (head.status < 200);
    return head;
  }

  private static ResponseHead readOne(Connection connection) throws IOException {
    StringBuilder line = new StringBuilder(64);
    int left = readLine(connection, line, MAX_BYTES);
    // HTTP/1.1 200 OK
    if (line.length() < 12 || !line.substring(0, 7).equals("HTTP/1.")) {
      throw new ProtocolException("the answer is not HTTP/1.1");
    }
    int status = number(line.substring(9, 12), 100, 599, "status");
    boolean keepAlive = line.charAt(7) == '1';
    String contentType = "";
    Framing framing = Framing.UNTIL_CLOSE;
    long length = 0;
    OptionalInt retryAfter = OptionalInt.empty();
    String requestId = "";
    while (true) {
      line.setLength(0);
      left = readLine(connection, line, left);
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(":");
      if (colon <= 0) {
        throw new ProtocolException("a header of the answer has no colon");
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-type" -> contentType = value.toLowerCase(Locale.ROOT);
        case "content-length" -> {
          length = number(value, 0, Integer.MAX_VALUE, "Content-Length");
          framing = framing == Framing.CHUNKED ? framing : Framing.LENGTH;
        }
        case "transfer-encoding" -> {
          if (!value.equalsIgnoreCase("chunked")) {
            throw new ProtocolException("the answer's transfer encoding is " + value);
          }
          framing = Framing.CHUNKED;
        }
        case "content-encoding" -> {
          if (!value.equalsIgnoreCase("identity")) {
            throw new ProtocolException("the answer is compressed, which was not asked for");
          }
        }
        case "connection" ->
            keepAlive = keepAlive && !value.toLowerCase(Locale.ROOT).contains("close");
        case "retry-after" -> retryAfter = seconds(value);
        case "x-request-id", "request-id", "apim-request-id" -> requestId = printable(value);
        default -> {}
      }
    }
    if (status == 204 || status < 200) {
      framing = Framing.LENGTH;
      length = 0;
    }
    return new ResponseHead(
        status,
        contentType,
        framing,
        length,
        keepAlive && framing != Framing.UNTIL_CLOSE,
        retryAfter,
        requestId);
  }

  /** A line without its end; how many bytes of the head may follow. */
  private static int readLine(Connection connection, StringBuilder line, int most)
      throws IOException {
    int left = most;
    while (true) {
      int b = connection.read();
      if (--left < 0) {
        throw new ProtocolException("the answer's head is longer than " + MAX_BYTES + " bytes");
      }
      if (b == '\n') {
        return left;
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
  }

  static int number(String text, int min, int max, String what) throws ProtocolException {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Falls through.
    }
    throw new ProtocolException("the answer's " + what + " is not a number in range");
  }

  /** Seconds; a date, which the header may be as well, is left out. */
  private static OptionalInt seconds(String value) {
    try {
      return OptionalInt.of(Math.clamp(Integer.parseInt(value), 0, MAX_RETRY_AFTER_SECONDS));
    } catch (NumberFormatException _) {
      return OptionalInt.empty();
    }
  }

  private static String printable(String value) {
    String ascii =
        new String(value.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
            .replaceAll("[^\\x21-\\x7e]", "");
    return ascii.length() > 100 ? ascii.substring(0, 100) : ascii;
  }
}
