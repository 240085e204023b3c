package io.yuntai.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class UnsentBytesTest {
  private static final int RECEIVE_BYTES = 4096;

  /**
   * What the kernel takes at a time comes on top of the bound, and what is on its way; without it,
   * and on other systems, it is some megabytes.
   */
  private static final long MOST =
      System.getProperty("os.name").startsWith("Linux") ? 512 << 10 : 64 << 20;

  @Test
  void theKernelTakesLittleForAClientThatDoesNotRead() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open();
        SocketChannel client = SocketChannel.open()) {
      UnsentBytes.bound(listener);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      client.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BYTES);
      client.connect(listener.getLocalAddress());
      try (SocketChannel accepted = listener.accept()) {
        accepted.configureBlocking(false);
        ByteBuffer piece = ByteBuffer.allocate(8192);
        long taken = 0;
        int count;
        do {
          count = accepted.write(piece.clear());
          taken += count;
        } while (count > 0);
        assertThat(taken).isBetween(1L, MOST);
      }
    }
  }
}
