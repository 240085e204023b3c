package io.yuntai.bench.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends requests when they are due, each on an idle connection or a new one. */
final class LoadClient {
  private static final byte[] TOKEN = MockUpstream.TOKEN.getBytes(StandardCharsets.US_ASCII);

  private static final String PROMPT =
      "How many tokens does a gateway add? ".repeat(6).substring(0, 200);

  private final EventLoop loop;
  private final InetSocketAddress address;
  private final List<byte[]> requests;
  private final Set<Connection> slowly = new HashSet<>();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
  private int next;

  /** Told once for each request. */
  interface Outcome {
    /**
     * @param firstNanos when the first bytes came
     * @param error empty where it went well
     */
    void done(long dueNanos, long firstNanos, long endNanos, String error);
  }

  /**
   * @param keys one request in turn for each
   * @param path such as {@code /v1/chat/completions}
   */
  LoadClient(
      EventLoop loop, int port, String path, String model, List<String> keys, boolean stream) {
    this(
        loop,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        keys.stream().map(key -> request(port, path, model, key, stream)).toList());
  }

  private LoadClient(EventLoop loop, InetSocketAddress address, List<byte[]> requests) {
    this.loop = loop;
    this.address = address;
    this.requests = requests;
  }

  /** The same, for answers of two megabytes. */
  LoadClient askingForLong() {
    return new LoadClient(
        loop,
        address,
        requests.stream()
            .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
            // As many characters as before, so that its length stays.
            .map(text ->
                text.replace(
                    PROMPT, MockUpstream.LONG + PROMPT.substring(MockUpstream.LONG.length())))
            .map(text -> text.getBytes(StandardCharsets.US_ASCII))
            .toList());
  }

  private static byte[] request(int port, String path, String model, String key, boolean stream) {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
            .formatted(
                model,
                PROMPT,
                stream ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "");
    return "POST %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nauthorization: Bearer %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(path, port, key, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends a request that was due at this moment. */
  void send(long dueNanos, Outcome outcome) {
    byte[] request = requests.get(next++ % requests.size());
    Connection connection = idle.pollFirst();
    if (connection == null) {
      connection = new Connection();
    }
    connection.begin(request, dueNanos, outcome);
  }

  /** Sends a request and does not read its answer but for {@code bytes} each {@code everyNanos}. */
  void sendSlowly(long dueNanos, int bytes, long everyNanos, Outcome outcome) {
    Connection connection = new Connection();
    connection.slowBytes = bytes;
    connection.slowNanos = everyNanos;
    slowly.add(connection);
    connection.begin(requests.get(next++ % requests.size()), dueNanos, outcome);
  }

  /** How many of those that read slowly still do. */
  int slowOnes() {
    return slowly.size();
  }

  /** Leaves in the middle of answers. */
  void abandon() {
    List.copyOf(slowly).forEach(Connection::leave);
    close();
  }

  void close() {
    idle.forEach(Connection::closeQuietly);
    idle.clear();
  }

  private enum Reading {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    LAST_LINE
  }

  private final class Connection implements EventLoop.Ready {
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private byte[] request = new byte[0];
    private long dueNanos;
    private long firstNanos;
    private @Nullable Outcome outcome;
    private Reading reading = Reading.HEAD;
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder head = new StringBuilder();
    private long left;
    private int matched;
    private int tokens;
    private int slowBytes;
    private long slowNanos;

    void begin(byte[] bytes, long due, Outcome told) {
      request = bytes;
      dueNanos = due;
      firstNanos = 0;
      outcome = told;
      reading = Reading.HEAD;
      head.setLength(0);
      line.setLength(0);
      tokens = 0;
      matched = 0;
      try {
        if (channel == null) {
          SocketChannel opened = SocketChannel.open();
          opened.configureBlocking(false);
          opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
          if (slowBytes > 0) {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
          }
          channel = opened;
          boolean at = opened.connect(address);
          key = opened.register(loop.selector(), at ? 0 : SelectionKey.OP_CONNECT, this);
          if (at) {
            write();
          }
        } else {
          write();
        }
      } catch (IOException e) {
        broken(e);
      }
    }

    private void write() throws IOException {
      if (channel == null || key == null) {
        throw new IOException("not connected");
      }
      ByteBuffer out = ByteBuffer.wrap(request);
      channel.write(out);
      if (out.hasRemaining()) {
        throw new IOException("the request was not taken at once");
      }
      if (slowBytes > 0) {
        key.interestOps(0);
        loop.at(System.nanoTime() + slowNanos, this::readSlowly);
      } else {
        key.interestOps(SelectionKey.OP_READ);
      }
    }

    private void readSlowly() {
      if (outcome == null) {
        return;
      }
      try {
        read(slowBytes);
        loop.at(System.nanoTime() + slowNanos, this::readSlowly);
      } catch (IOException e) {
        broken(e);
      }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
      if (ready.isConnectable()) {
        if (channel != null && channel.finishConnect()) {
          write();
        }
        return;
      }
      read(in.capacity());
    }

    private void read(int most) throws IOException {
      in.clear().limit(most);
      int count = channel == null ? -1 : channel.read(in);
      if (count < 0) {
        throw new EOFException("closed by the server");
      }
      if (outcome == null) {
        if (count > 0) {
          throw new IOException("bytes that nobody asked for");
        }
        return;
      }
      if (firstNanos == 0 && count > 0) {
        firstNanos = System.nanoTime();
      }
      in.flip();
      while (in.hasRemaining()) {
        if (take(in.get())) {
          end();
          return;
        }
      }
    }

    /** Whether this was the answer's last byte. */
    private boolean take(byte b) throws IOException {
      switch (reading) {
        case HEAD -> {
          head.append((char) b);
          if (b == '\n' && head.length() > 3 && head.charAt(head.length() - 3) == '\n') {
            return headEnd();
          }
        }
        case LENGTH -> {
          match(b);
          left--;
          return left == 0;
        }
        case CHUNK_SIZE -> {
          if (b == '\n') {
            left = Long.parseLong(line.toString().strip(), 16);
            line.setLength(0);
            reading = left == 0 ? Reading.LAST_LINE : Reading.CHUNK;
          } else {
            line.append((char) b);
          }
        }
        case CHUNK -> {
          match(b);
          left--;
          if (left == 0) {
            reading = Reading.CHUNK_END;
          }
        }
        case CHUNK_END -> {
          if (b == '\n') {
            reading = Reading.CHUNK_SIZE;
          }
        }
        case LAST_LINE -> {
          return b == '\n';
        }
      }
      return false;
    }

    private void match(byte b) {
      matched = b == TOKEN[matched] ? matched + 1 : b == TOKEN[0] ? 1 : 0;
      if (matched == TOKEN.length) {
        matched = 0;
        tokens++;
      }
    }

    private boolean headEnd() throws IOException {
      String text = head.toString();
      if (!text.startsWith("HTTP/1.1 200")) {
        throw new IOException(text.lines().findFirst().orElse("") + "");
      }
      String lower = text.toLowerCase(java.util.Locale.ROOT);
      int at = lower.indexOf("content-length:");
      if (at >= 0) {
        left = Long.parseLong(text.substring(at + 15, text.indexOf('\n', at)).strip());
        reading = Reading.LENGTH;
        return left == 0;
      }
      reading = Reading.CHUNK_SIZE;
      return false;
    }

    private void end() {
      Outcome told = outcome;
      outcome = null;
      if (slowBytes > 0) {
        closeQuietly();
      } else {
        idle.addFirst(this);
      }
      if (told != null) {
        told.done(
            dueNanos,
            firstNanos,
            System.nanoTime(),
            tokens == MockUpstream.TOKENS ? "" : tokens + " tokens");
      }
    }

    @Override
    public void broken(IOException e) {
      closeQuietly();
      idle.remove(this);
      Outcome told = outcome;
      outcome = null;
      if (told != null) {
        told.done(dueNanos, firstNanos, System.nanoTime(), String.valueOf(e.getMessage()));
      }
    }

    private void leave() {
      outcome = null;
      closeQuietly();
    }

    private void closeQuietly() {
      slowly.remove(this);
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException _) {
        // It is gone either way.
      }
      channel = null;
    }
  }
}
