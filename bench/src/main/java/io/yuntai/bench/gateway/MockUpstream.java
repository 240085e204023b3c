package io.yuntai.bench.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * An upstream that speaks OpenAI's chat completions without a model: 100 tokens, after 50 ms all at
 * once, or as a stream whose first token comes after 50 ms and each further one a while later.
 */
final class MockUpstream implements EventLoop.Ready {
  /** Tokens of an answer. */
  static final int TOKENS = 100;

  /** What each token holds, so that it can be found again. */
  static final String TOKEN = "zqx";

  /** Whoever asks so gets a stream of tokens that are followed by many blanks. */
  static final String LONG = "at great length";

  private static final int LONG_TOKEN_BYTES = 20_000;

  /**
   * How soon a reader that took nothing more is tried again: hundreds of them cost next to nothing.
   */
  private static final long STALLED_NANOS = 100_000_000;

  /** About. */
  static final int LONG_ANSWER_BYTES = TOKENS * LONG_TOKEN_BYTES;

  private static final long FIRST_NANOS = 50_000_000;

  private static final int SEND_BYTES = 64 << 10;

  private final EventLoop loop;
  private final ServerSocketChannel listener;
  private final byte[] whole;
  private final byte[] begin;
  private final byte[] token;
  private final byte[] longToken;
  private final byte[] end;
  private long tokenNanos = 5_000_000;
  private long broken;

  MockUpstream(EventLoop loop, int port) throws IOException {
    this.loop = loop;
    this.listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
    listener.configureBlocking(false);
    listener.register(loop.selector(), SelectionKey.OP_ACCEPT, this);
    String usage = "{\"prompt_tokens\":20,\"completion_tokens\":80,\"total_tokens\":100}";
    String body =
        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            + (TOKEN + " ").repeat(TOKENS)
            + "\"},\"finish_reason\":\"stop\"}],\"usage\":"
            + usage
            + "}";
    whole =
        bytes(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    begin =
        bytes(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                + chunk(event("{\"role\":\"assistant\",\"content\":\"\"}", "null", "[]"))
                + chunk(event("{\"content\":\"" + TOKEN + " \"}", "null", "[]")));
    token = bytes(chunk(event("{\"content\":\"" + TOKEN + " \"}", "null", "[]")));
    longToken =
        bytes(
            chunk(
                event(
                    "{\"content\":\"" + TOKEN + " ".repeat(LONG_TOKEN_BYTES) + "\"}",
                    "null",
                    "[]")));
    end =
        bytes(
            chunk(
                    event("{}", "\"stop\"", "[]")
                        + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[],\"usage\":"
                        + usage
                        + "}\n\ndata: [DONE]\n\n")
                + "0\r\n\r\n");
  }

  private static String event(String delta, String reason, String ignored) {
    return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":"
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

  int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  /**
   * From the next answer on.
   *
   * @return what was before
   */
  long tokensEvery(long nanos) {
    long before = tokenNanos;
    tokenNanos = nanos;
    return before;
  }

  /** Answers that were not taken to their end. */
  long broken() {
    return broken;
  }

  @Override
  public void ready(SelectionKey key) throws IOException {
    for (SocketChannel one = listener.accept(); one != null; one = listener.accept()) {
      one.configureBlocking(false);
      one.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // A real one is another machine: what fills the kernel here is not to take this one's time.
      one.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BYTES);
      one.register(loop.selector(), SelectionKey.OP_READ, new Connection(one));
    }
  }

  @Override
  public void broken(IOException e) {
    throw new IllegalStateException("the mock upstream takes no connections", e);
  }

  private final class Connection implements EventLoop.Ready {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 << 10);
    private final StringBuilder request = new StringBuilder();
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private int sent;
    private boolean answering;
    private boolean closed;
    private long everyNanos;
    private boolean atLength;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
      in.clear();
      if (channel.read(in) < 0) {
        throw new EOFException("closed");
      }
      in.flip();
      while (in.hasRemaining()) {
        request.append((char) (in.get() & 0xFF));
      }
      int head = request.indexOf("\r\n\r\n");
      if (head < 0) {
        return;
      }
      String text = request.substring(0, head).toLowerCase(java.util.Locale.ROOT);
      int at = text.indexOf("content-length:");
      int length = 0;
      if (at >= 0) {
        int line = text.indexOf("\r\n", at);
        length = Integer.parseInt(text.substring(at + 15, line < 0 ? text.length() : line).strip());
      }
      if (request.length() < head + 4 + length) {
        return;
      }
      String body = request.substring(head + 4, head + 4 + length);
      request.delete(0, head + 4 + length);
      if (at < 0) {
        send(bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
        return;
      }
      answering = true;
      long first = System.nanoTime() + FIRST_NANOS;
      if (body.contains("\"stream\":true") || body.contains("\"stream\": true")) {
        sent = 0;
        everyNanos = tokenNanos;
        atLength = body.contains(LONG);
        loop.at(first, () -> next(first));
      } else {
        loop.at(
            first,
            () -> {
              answering = false;
              send(whole);
            });
      }
    }

    private void next(long due) {
      if (closed) {
        return;
      }
      if (unsent.hasRemaining() && atLength) {
        sendRest();
        long later = System.nanoTime() + STALLED_NANOS;
        loop.at(later, () -> next(later));
        return;
      }
      sent++;
      if (sent > TOKENS) {
        answering = false;
        send(end);
        return;
      }
      send(sent == 1 ? begin : atLength ? longToken : token);
      // The next token comes when this one is on its way, as from any server that waits for its
      // reader.
      long following = (unsent.hasRemaining() ? System.nanoTime() : due) + everyNanos;
      loop.at(following, () -> next(following));
    }

    private void sendRest() {
      try {
        channel.write(unsent);
      } catch (IOException e) {
        broken(e);
      }
    }

    private void send(byte[] bytes) {
      if (closed) {
        return;
      }
      try {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        if (unsent.hasRemaining()) {
          out =
              ByteBuffer.allocate(unsent.remaining() + bytes.length).put(unsent).put(bytes).flip();
        }
        channel.write(out);
        unsent = out; // what a reader that does not read leaves is tried again with the next token
      } catch (IOException e) {
        broken(e);
      }
    }

    @Override
    public void broken(IOException e) {
      closed = true;
      if (answering) {
        broken++;
        answering = false;
      }
      try {
        channel.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
  }
}
