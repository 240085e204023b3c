package io.yuntai.server.upstream;

import java.io.IOException;
import java.net.ProtocolException;

/** An answer's body, without its framing (RFC 9112, sections 6 and 7). For one thread. */
final class ResponseBody {
  private static final int MAX_SIZE_LINE_BYTES = 1024;
  private static final int MAX_TRAILER_BYTES = 16 << 10;

  private final Connection connection;
  private final ResponseHead.Framing framing;

  /** Bytes left of the body or of the chunk under way. */
  private long left;

  private boolean inChunk;
  private boolean ended;

  ResponseBody(Connection connection, ResponseHead head) {
    this.connection = connection;
    this.framing = head.framing();
    this.left = head.length();
    this.ended = framing == ResponseHead.Framing.LENGTH && left == 0;
  }

  /** Whether it has been read to its end. */
  boolean ended() {
    return ended;
  }

  /** Whether bytes have come that were not read. */
  boolean hasBuffered() {
    return !ended && connection.buffered() > 0;
  }

  /**
   * Reads some bytes; waits where none have come.
   *
   * @return how many, possibly 0 where only framing came; -1 at the end
   * @throws java.io.EOFException when the connection is closed before the end
   */
  int read(byte[] to, int offset, int most) throws IOException {
    if (ended) {
      return -1;
    }
    if (connection.buffered() == 0) {
      if (framing == ResponseHead.Framing.UNTIL_CLOSE) {
        ended = !connection.tryFill();
        if (ended) {
          return -1;
        }
      } else {
        connection.fill();
      }
    }
    return switch (framing) {
      case UNTIL_CLOSE -> copy(to, offset, most);
      case LENGTH -> {
        int count = copy(to, offset, (int) Math.min(most, left));
        left -= count;
        ended = left == 0;
        yield count;
      }
      case CHUNKED -> chunk(to, offset, most);
    };
  }

  private int chunk(byte[] to, int offset, int most) throws IOException {
    if (left == 0) {
      if (inChunk) {
        endOfLine();
        inChunk = false;
        if (connection.buffered() == 0) {
          return 0; // what was read can be used before the next chunk's size is waited for
        }
      }
      left = size();
      if (left == 0) {
        trailers();
        ended = true;
        return -1;
      }
      inChunk = true;
      if (connection.buffered() == 0) {
        return 0;
      }
    }
    int count = copy(to, offset, (int) Math.min(most, left));
    left -= count;
    if (left == 0 && connection.buffered() >= 2) {
      endOfLine();
      inChunk = false;
    }
    return count;
  }

  private int copy(byte[] to, int offset, int most) {
    int count = Math.min(connection.buffered(), most);
    System.arraycopy(connection.buffer(), connection.position(), to, offset, count);
    connection.skip(count);
    return count;
  }

  private long size() throws IOException {
    long size = 0;
    int digits = 0;
    boolean extension = false;
    for (int i = 0; i < MAX_SIZE_LINE_BYTES; i++) {
      int b = connection.read();
      if (b == '\n') {
        if (digits == 0) {
          break;
        }
        return size;
      }
      int digit = extension ? -1 : Character.digit(b, 16);
      if (digit >= 0 && digits < 8) {
        size = size * 16 + digit;
        digits++;
      } else if (b == ';' || b == ' ' || b == '\r') {
        extension = true;
      } else if (!extension) {
        break;
      }
    }
    throw new ProtocolException("a chunk of the answer has no size");
  }

  private void endOfLine() throws IOException {
    int b = connection.read();
    if (b == '\r') {
      b = connection.read();
    }
    if (b != '\n') {
      throw new ProtocolException("a chunk of the answer is longer than its size");
    }
  }

  private void trailers() throws IOException {
    int inLine = 0;
    for (int i = 0; i < MAX_TRAILER_BYTES; i++) {
      int b = connection.read();
      if (b == '\n') {
        if (inLine == 0) {
          return;
        }
        inLine = 0;
      } else if (b != '\r') {
        inLine++;
      }
    }
    throw new ProtocolException("the answer's trailers are too long");
  }
}
