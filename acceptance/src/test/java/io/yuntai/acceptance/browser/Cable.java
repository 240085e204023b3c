package io.yuntai.acceptance.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies between a browser and a server, and can be cut: a browser's own "offline" leaves
 * streams alone that are open already.
 */
final class Cable implements AutoCloseable {
  private final ServerSocket ends;
  private final int server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  Cable(String url) throws IOException {
    server = URI.create(url).getPort();
    ends = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("cable").start(this::accept);
  }

  /** Where the server is found at its other end. */
  String url() {
    return "http://127.0.0.1:" + ends.getLocalPort();
  }

  private void accept() {
    while (!ends.isClosed()) {
      try {
        Socket browser = ends.accept();
        Socket there = new Socket();
        open.add(browser);
        open.add(there);
        there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
        Thread.ofVirtual().start(() -> pass(browser, there));
        Thread.ofVirtual().start(() -> pass(there, browser));
        if (cut) {
          drop();
        }
      } catch (IOException _) {
        // The server is not there, or the cable is put away.
      }
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // Either side has left.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** Nothing passes, and what was open is broken. */
  void cut() {
    cut = true;
    drop();
  }

  private void drop() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone.
      }
    }
  }

  /** Everything passes again. */
  void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    ends.close();
    drop();
  }
}
