package io.yuntai.bench.money;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One chat request over a connection of its own, of which is known how much of it has come. */
final class ChatClient {
  private static final int TIMEOUT_MILLIS = (int) TimeUnit.MINUTES.toMillis(2);

  private ChatClient() {}

  /**
   * What came of a request.
   *
   * @param status of the answer; 0 where none came
   * @param tokens how many came whole
   * @param complete whether its end came, too
   */
  record Answer(int status, int tokens, boolean complete) {}

  /**
   * Asks.
   *
   * @param leaveAfter reads so many tokens of a stream and resets the connection
   */
  static Answer ask(int port, String key, boolean stream, boolean usage, int leaveAfter) {
    String body =
        "{\"model\":\"mock\",\"messages\":[{\"role\":\"user\",\"content\":\"How much?\"}],\"max_tokens\":80%s%s}"
            .formatted(
                stream ? ",\"stream\":true" : "",
                usage ? ",\"stream_options\":{\"include_usage\":true}" : "");
    int status = 0;
    int tokens = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket
          .getOutputStream()
          .write(
              "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
                  .formatted(port, key, body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder text = new StringBuilder();
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        text.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
        if (status == 0 && text.length() >= 12) {
          status = Integer.parseInt(text.substring(9, 12));
        }
        tokens = count(text);
        if (tokens >= leaveAfter) {
          socket.setSoLinger(true, 0);
          return new Answer(status, tokens, false);
        }
      }
      boolean complete = stream ? text.indexOf("data: [DONE]") > 0 : text.indexOf("\"usage\"") > 0;
      return new Answer(status, tokens, complete);
    } catch (IOException e) {
      return new Answer(status, tokens, false);
    }
  }

  private static int count(StringBuilder text) {
    int count = 0;
    for (int at = text.indexOf(CountingUpstream.TOKEN);
        at >= 0;
        at = text.indexOf(CountingUpstream.TOKEN, at + 1)) {
      count++;
    }
    return count;
  }
}
