package io.yuntai.server.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on loopback that speaks HTTP/1.1 and answers as a test wants, down to the byte and the
 * moment.
 */
public final class MockUpstream implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private volatile Behaviour behaviour;

  /**
   * What came.
   *
   * @param headers by name in lower case
   */
  public record Request(String method, String path, Map<String, String> headers, String body) {}

  /** How a request is answered. */
  @FunctionalInterface
  public interface Behaviour {
    /** Answers; closes the connection by throwing. */
    void answer(Request request, Answering answering) throws IOException, InterruptedException;
  }

  /** Listens on a free port. */
  public MockUpstream(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("mock-upstream").start(this::accept);
  }

  /** The base URL for an OpenAI-compatible server. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
  }

  /** From now on. */
  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** All requests so far. */
  public List<Request> requests() {
    return requests;
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Answers that the other side did not take to their end. */
  public int broken() {
    return broken.get();
  }

  /** Writes an answer. */
  public static final class Answering {
    private final OutputStream out;

    private Answering(OutputStream out) {
      this.out = out;
    }

    /** Any bytes. */
    public Answering raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      return this;
    }

    /** A whole JSON answer. */
    public void json(int status, String body, String... headers) throws IOException {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      head.append("Content-Type: application/json\r\nContent-Length: ")
          .append(body.getBytes(StandardCharsets.UTF_8).length)
          .append("\r\n\r\n");
      raw(head + body);
    }

    /** Begins an event stream. */
    public Answering stream() throws IOException {
      return raw(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** An event. */
    public Answering event(String data) throws IOException {
      byte[] bytes = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
      return raw(
          Integer.toHexString(bytes.length)
              + "\r\n"
              + new String(bytes, StandardCharsets.UTF_8)
              + "\r\n");
    }

    /** A piece of a chat answer. */
    public Answering text(String text) throws IOException {
      return event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}");
    }

    /** The end of a chat answer. */
    public void done() throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
      event("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}");
      event("[DONE]");
      raw("0\r\n\r\n");
    }
  }

  /** Answers "hello" from {@code name}, streamed or not as the request wants it. */
  public static Behaviour hello(String name) {
    return (request, answering) -> {
      if (request.body().contains("\"stream\":true")) {
        answering.stream().text("hello ").text(name).done();
      } else {
        answering.json(
            200,
            "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello "
                + name
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}");
      }
    };
  }

  /** Answers with an error in OpenAI's shape. */
  public static Behaviour failing(int status, String code, String message, String... headers) {
    return (request, answering) ->
        answering.json(
            status,
            "{\"error\":{\"message\":\""
                + message
                + "\",\"type\":\"t\",\"code\":\""
                + code
                + "\"}}",
            headers);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().name("mock-connection").start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String start = line(in);
        if (start.isEmpty()) {
          return;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          int colon = header.indexOf(':');
          headers.put(
              header.substring(0, colon).toLowerCase(Locale.ROOT),
              header.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] parts = start.split(" ");
        Request request =
            new Request(parts[0], parts[1], headers, new String(body, StandardCharsets.UTF_8));
        if (!request.method().equals("GET")) {
          requests.add(request);
        }
        behaviour.answer(request, new Answering(socket.getOutputStream()));
      }
    } catch (IOException | InterruptedException _) {
      broken.incrementAndGet();
    } finally {
      sockets.remove(socket);
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
