package io.yuntai.dialect.upstream;

import io.yuntai.dialect.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server-sent events (WHATWG HTML, section 9.2.6) in the bytes as they come. Bytes are read into
 * {@link #bytes()} and an event's data is handed out where it lies; only data of several lines, or
 * an event that a read cut in two, is moved. For one thread.
 *
 * <p>Order of calls: {@link #reserve}, a read to {@link #bytes()} from {@link #end()}, {@link
 * #added}, then {@link #next} until it is false.
 */
public final class EventBuffer {
  private static final int FIRST_BYTES = 4096;
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

  private final int maxEventBytes;
  private final boolean lines;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int end;

  /** Where the first line begins that has not been taken in. */
  private int line;

  /** How far that line has been searched for its end. */
  private int searched;

  /** Lines end in CR, LF or CRLF: after a CR, an LF is the rest of the same end. */
  private boolean afterCr;

  private boolean begun;
  private String name = "";
  private boolean hasData;

  /** Data of one line lies in {@link #bytes}; that of several in {@link #joined}. */
  private int dataFrom;

  private int dataTo;
  private byte[] joined = new byte[0];
  private int joinedSize = -1;

  private String eventName = "";
  private byte[] eventBytes = bytes;
  private int eventFrom;
  private int eventTo;

  /**
   * @param maxEventBytes a longer event is refused
   */
  public EventBuffer(int maxEventBytes) {
    this(maxEventBytes, false);
  }

  private EventBuffer(int maxEventBytes, boolean lines) {
    this.maxEventBytes = maxEventBytes;
    this.lines = lines;
  }

  /**
   * For lines that are an event each, such as those of newline-delimited JSON.
   *
   * @param maxEventBytes a longer event is refused
   */
  public static EventBuffer ofLines(int maxEventBytes) {
    return new EventBuffer(maxEventBytes, true);
  }

  /** Where to read to. Valid until the next {@link #reserve}. */
  public byte[] bytes() {
    return bytes;
  }

  /** The first free index. */
  public int end() {
    return end;
  }

  /**
   * Makes room for at least so many bytes; the last event's data is gone afterwards.
   *
   * @throws ApiException 502 when the event under way is too long
   */
  public void reserve(int atLeast) throws ApiException {
    if (bytes.length - end >= atLeast) {
      return;
    }
    int keep = hasData && joinedSize < 0 ? dataFrom : line;
    int kept = end - keep;
    if (kept > maxEventBytes) {
      throw UpstreamJson.broken("an event is longer than " + maxEventBytes + " bytes");
    }
    byte[] room =
        bytes.length - kept >= atLeast && keep > 0
            ? bytes
            : new byte[Math.max(2 * bytes.length, kept + atLeast)];
    System.arraycopy(bytes, keep, room, 0, kept);
    bytes = room;
    end = kept;
    line -= keep;
    searched -= keep;
    dataFrom -= keep;
    dataTo -= keep;
  }

  /** So many bytes have been read. */
  public void added(int count) {
    end += count;
    if (!begun && end > 0 && bytes[0] != (byte) 0xEF) {
      begun = true;
    } else if (!begun && end >= 3) {
      begun = true;
      if (bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) { // a byte order mark
        line = 3;
        searched = 3;
      }
    }
  }

  /**
   * Moves to the next whole event with data.
   *
   * @return false when more bytes are needed
   * @throws ApiException 502 when an event is too long
   */
  public boolean next() throws ApiException {
    if (!begun) {
      return false;
    }
    while (searched < end) {
      byte b = bytes[searched];
      if (b == '\n' && afterCr && searched == line) {
        afterCr = false;
        line++;
        searched++;
        continue;
      }
      if (b != '\n' && b != '\r') {
        searched++;
        continue;
      }
      int from = line;
      int to = searched;
      afterCr = b == '\r';
      searched++;
      line = searched;
      if (lines) {
        if (from < to) {
          hasData = true;
          dataFrom = from;
          dataTo = to;
          return dispatch();
        }
      } else if (from < to) {
        field(from, to);
      } else if (dispatch()) {
        return true;
      }
    }
    return false;
  }

  /** The event's name; empty where it has none. */
  public String name() {
    return eventName;
  }

  /** Holds the event's data, until the next {@link #next} or {@link #reserve}. */
  public byte[] data() {
    return eventBytes;
  }

  /** Where the data begins. */
  public int dataFrom() {
    return eventFrom;
  }

  /** Where the data ends, exclusive. */
  public int dataTo() {
    return eventTo;
  }

  private boolean dispatch() {
    boolean found = hasData;
    if (found) {
      eventName = name;
      eventBytes = joinedSize >= 0 ? joined : bytes;
      eventFrom = joinedSize >= 0 ? 0 : dataFrom;
      eventTo = joinedSize >= 0 ? joinedSize : dataTo;
    }
    hasData = false;
    joinedSize = -1;
    name = "";
    return found;
  }

  private void field(int from, int to) throws ApiException {
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, to);
    if (value < to && bytes[value] == ' ') {
      value++;
    }
    if (Arrays.equals(bytes, from, colon, DATA, 0, DATA.length)) {
      data(value, to);
    } else if (Arrays.equals(bytes, from, colon, EVENT, 0, EVENT.length)) {
      name = new String(bytes, value, to - value, StandardCharsets.UTF_8);
    }
  }

  private void data(int from, int to) throws ApiException {
    if (!hasData) {
      hasData = true;
      dataFrom = from;
      dataTo = to;
      return;
    }
    if (joinedSize < 0) {
      joined = Arrays.copyOf(joined, Math.max(joined.length, dataTo - dataFrom));
      joinedSize = dataTo - dataFrom;
      System.arraycopy(bytes, dataFrom, joined, 0, joinedSize);
    }
    int size = joinedSize + 1 + to - from;
    if (size > maxEventBytes) {
      throw UpstreamJson.broken("an event is longer than " + maxEventBytes + " bytes");
    }
    if (size > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(size, 2 * joined.length));
    }
    joined[joinedSize] = '\n';
    System.arraycopy(bytes, from, joined, joinedSize + 1, to - from);
    joinedSize = size;
  }
}
