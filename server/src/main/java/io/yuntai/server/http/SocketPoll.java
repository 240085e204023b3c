package io.yuntai.server.http;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks the kernel which sockets' peers have closed, without reading from them: {@code poll(2)} with
 * {@code POLLRDHUP}, which only Linux has. For one thread.
 *
 * <p>A selector cannot tell: for it a closed peer and bytes of the next request look alike, and
 * while a request is answered nobody reads.
 */
final class SocketPoll {
  /** struct pollfd { int fd; short events; short revents; }. */
  private static final int STRUCT_BYTES = 8;

  private static final short POLLERR = 0x8;
  private static final short POLLHUP = 0x10;
  private static final short POLLNVAL = 0x20;
  private static final short POLLRDHUP = 0x2000;

  private final MethodHandle poll;
  private final Descriptors descriptors;
  private MemorySegment structs = MemorySegment.NULL;
  private int capacity;

  private SocketPoll(MethodHandle poll, Descriptors descriptors) {
    this.poll = poll;
    this.descriptors = descriptors;
  }

  /** What a peer has done. */
  enum Peer {
    THERE,
    /** Sends no more; may still read, or may have gone. */
    HALF_CLOSED,
    GONE
  }

  /** Empty where the platform or the JVM's flags don't allow it. */
  static Optional<SocketPoll> open() {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle poll =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("poll"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));
      return Optional.of(new SocketPoll(poll, Descriptors.open()));
    } catch (ReflectiveOperationException | RuntimeException _) {
      return Optional.empty();
    }
  }

  /** What each peer has done, in the channels' order; a closed channel's is gone. */
  Peer[] poll(SocketChannel[] channels) {
    reserve(channels.length);
    for (int i = 0; i < channels.length; i++) {
      long at = (long) i * STRUCT_BYTES;
      structs.set(ValueLayout.JAVA_INT, at, descriptors.of(channels[i]));
      structs.set(ValueLayout.JAVA_SHORT, at + 4, POLLRDHUP);
      structs.set(ValueLayout.JAVA_SHORT, at + 6, (short) 0);
    }
    int changed = call(channels.length);
    Peer[] peers = new Peer[channels.length];
    for (int i = 0; i < peers.length; i++) {
      short seen =
          changed <= 0 ? 0 : structs.get(ValueLayout.JAVA_SHORT, (long) i * STRUCT_BYTES + 6);
      peers[i] = channels[i].isOpen() ? peer(seen) : Peer.GONE;
    }
    return peers;
  }

  private static Peer peer(short seen) {
    if ((seen & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
      return Peer.GONE;
    }
    return (seen & POLLRDHUP) != 0 ? Peer.HALF_CLOSED : Peer.THERE;
  }

  private int call(int count) {
    try {
      return (int) poll.invokeExact(structs, (long) count, 0);
    } catch (Throwable e) {
      throw new IllegalStateException("poll failed", e);
    }
  }

  private void reserve(int count) {
    if (count > capacity) {
      capacity = Math.max(count, 2 * capacity);
      structs = Arena.ofAuto().allocate((long) capacity * STRUCT_BYTES, 4);
    }
  }
}
