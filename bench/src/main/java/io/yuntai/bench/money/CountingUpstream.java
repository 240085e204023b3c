package io.yuntai.bench.money;

import io.yuntai.bench.BenchException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An upstream without a model that counts what it makes: answers of 80 tokens to prompts of 20,
 * whole after 50 ms or a token each 5 ms, until somebody stops reading.
 */
final class CountingUpstream implements AutoCloseable {
  static final int PROMPT_TOKENS = 20;
  static final int TOKENS = 80;

  /** What each token holds. */
  static final String TOKEN = "zqx";

  private static final long TOKEN_NANOS = 5_000_000;
  private static final int MOST_HEAD_BYTES = 64 << 10;
  private static final String USAGE =
      "{\"prompt_tokens\":20,\"completion_tokens\":80,\"total_tokens\":100}";

  private final ServerSocket listener;
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong stopped = new AtomicLong();

  CountingUpstream(int port) {
    try {
      listener = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new BenchException("Port " + port + " can't be listened on: " + e.getMessage(), e);
    }
    Thread.ofVirtual().name("upstream").start(this::accept);
  }

  /** {@code CountingUpstream PORT}: serves until it is killed. */
  public static void main(String[] arguments) {
    try (CountingUpstream _ = new CountingUpstream(Integer.parseInt(arguments[0]))) {
      LockSupport.park();
      while (!Thread.currentThread().isInterrupted()) {
        LockSupport.park();
      }
    }
  }

  /** Tokens sent in streams so far. */
  long made() {
    return made.get();
  }

  /** Streams that nobody read to their end. */
  long stopped() {
    return stopped.get();
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String head = head(in);
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
        if (at < 0) {
          out.write(bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
          continue;
        }
        int end = head.indexOf('\r', at);
        int length = Integer.parseInt(head.substring(at + 15, end).strip());
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (body.replace(" ", "").contains("\"stream\":true")) {
          stream(out);
        } else {
          whole(out);
        }
      }
    } catch (IOException e) {
      // whoever asked has left
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() > MOST_HEAD_BYTES) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void whole(OutputStream out) throws IOException {
    LockSupport.parkNanos(50_000_000);
    String body =
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + (TOKEN + " ").repeat(TOKENS)
            + "\"},\"finish_reason\":\"stop\"}],\"usage\":"
            + USAGE
            + "}";
    out.write(
        bytes(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body));
  }

  private void stream(OutputStream out) throws IOException {
    out.write(
        bytes(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunk(event("{\"role\":\"assistant\",\"content\":\"\"}", "null"))));
    try {
      for (int token = 0; token < TOKENS; token++) {
        LockSupport.parkNanos(TOKEN_NANOS);
        out.write(bytes(chunk(event("{\"content\":\"" + TOKEN + " \"}", "null"))));
        made.incrementAndGet();
      }
    } catch (IOException e) {
      stopped.incrementAndGet();
      throw e;
    }
    out.write(
        bytes(
            chunk(
                    event("{}", "\"stop\"")
                        + "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[],\"usage\":"
                        + USAGE
                        + "}\n\ndata: [DONE]\n\n")
                + "0\r\n\r\n"));
  }

  private static String event(String delta, String reason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + reason
        + "}]}\n\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }
}
