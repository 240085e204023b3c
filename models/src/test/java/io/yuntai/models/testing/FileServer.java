package io.yuntai.models.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves one file under every path (but for names that have their own), or only files under their
 * own paths, with ranges as RFC 9110 has them, and fails where a test says so.
 */
public final class FileServer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  /** What the server does to one request instead of answering it well. */
  public sealed interface Fault {
    /** Answers with a status and headers, without a body. */
    record Status(int code, Map<String, String> headers) implements Fault {}

    /** Sends so many bytes of the body and closes the connection. */
    record Cut(int afterBytes) implements Fault {}

    /**
     * The same, but only when the client has read them: what a client has not read when the
     * connection ends, its HTTP library may drop.
     */
    record CutWhenRead(int afterBytes, BooleanSupplier read) implements Fault {}

    /** Sends so many bytes of the body and then nothing until the server closes. */
    record Silence(int afterBytes) implements Fault {}

    /** Sends a byte now and then until the server closes or the client leaves. */
    record Drip() implements Fault {}

    /** Runs something, then answers well. */
    record Then(Runnable action) implements Fault {}
  }

  /** A request as it arrived; absent headers are empty. */
  public record Request(String path, String range, String authorization) {}

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch silent = new CountDownLatch(1);
  private volatile byte[] content;
  private volatile @Nullable String entityTag = "\"v1\"";
  private volatile boolean ranges = true;
  private volatile Map<String, String> extraHeaders = Map.of();

  /** What some names get instead of the one file. */
  public final Map<String, byte[]> contents = new ConcurrentHashMap<>();

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** For any request, in order. */
  public final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  /** For requests that are not the first look at one byte. */
  public final Queue<Fault> dataFaults = new ConcurrentLinkedQueue<>();

  public final List<Request> requests = new CopyOnWriteArrayList<>();

  public FileServer(byte[] content) throws IOException {
    this.content = content;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  public String address() {
    return "http://"
        + InetAddress.getLoopbackAddress().getHostAddress()
        + ":"
        + server.getAddress().getPort();
  }

  public URI file() {
    return URI.create(address() + "/file");
  }

  public void replace(byte[] newContent, @Nullable String newEntityTag) {
    content = newContent;
    entityTag = newEntityTag;
  }

  /** Serves this file at this path, and from now on only such files. */
  public void serve(String path, byte[] bytes) {
    files.put(path, bytes);
  }

  public void withoutRanges() {
    ranges = false;
  }

  public void alwaysSend(Map<String, String> headers) {
    extraHeaders = headers;
  }

  /** Opens when a {@link Fault.Silence} has sent its bytes. */
  public CountDownLatch silent() {
    return silent;
  }

  /** Requests for data, not the first look at one byte. */
  public List<Request> dataRequests() {
    return requests.stream().filter(request -> !request.range().equals("bytes=0-0")).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    Request request =
        new Request(
            exchange.getRequestURI().getPath(),
            text(headers, "Range"),
            text(headers, "Authorization"));
    requests.add(request);
    boolean probe = request.range().equals("bytes=0-0");
    Fault fault = faults.poll();
    if (fault == null && !probe) {
      fault = dataFaults.poll();
    }
    try (exchange) {
      if (fault instanceof Fault.Status status) {
        status.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status.code(), -1);
        return;
      }
      if (fault instanceof Fault.Then then) {
        then.action().run();
      }
      send(exchange, headers, fault);
    }
  }

  private void send(HttpExchange exchange, Headers headers, @Nullable Fault fault)
      throws IOException {
    byte[] bytes =
        files.isEmpty()
            ? contents.getOrDefault(fileName(exchange), content)
            : files.get(exchange.getRequestURI().getPath());
    if (bytes == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String tag = entityTag;
    extraHeaders.forEach(exchange.getResponseHeaders()::set);
    if (tag != null) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    Matcher range = RANGE.matcher(text(headers, "Range"));
    String ifRange = text(headers, "If-Range");
    boolean partial = ranges && range.matches() && (ifRange.isEmpty() || ifRange.equals(tag));
    int from = partial ? Integer.parseInt(range.group(1)) : 0;
    int to =
        partial && !range.group(2).isEmpty()
            ? Math.min(bytes.length, Integer.parseInt(range.group(2)) + 1)
            : bytes.length;
    if (partial) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    }
    exchange.sendResponseHeaders(partial ? 206 : 200, to - from);
    body(exchange.getResponseBody(), bytes, from, to, fault);
  }

  private static String fileName(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void body(OutputStream out, byte[] bytes, int from, int to, @Nullable Fault fault)
      throws IOException {
    switch (fault) {
      case Fault.Cut cut -> {
        out.write(bytes, from, Math.min(cut.afterBytes(), to - from));
        out.flush();
      }
      case Fault.CutWhenRead cut -> {
        out.write(bytes, from, Math.min(cut.afterBytes(), to - from));
        out.flush();
        while (!cut.read().getAsBoolean() && !closed(20)) {}
      }
      case Fault.Silence silence -> {
        out.write(bytes, from, Math.min(silence.afterBytes(), to - from));
        out.flush();
        silent.countDown();
        awaitClosing();
      }
      case Fault.Drip drip -> {
        for (int at = from; at < to && !closed(20); at++) {
          out.write(bytes[at]);
          out.flush();
        }
      }
      case null, default -> out.write(bytes, from, to - from);
    }
  }

  private void awaitClosing() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closed(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String text(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
